"""Markers of the routes: who may call each; which cases they see is the queries' rule."""

from typing import Annotated

from services.asb.policy import MANAGER
from shared.caller import FRONTEND, OFFICER, RESIDENT
from shared.http.auth import requires
from shared.work import Creation, UnitOfWork

PATH, TAGS = "/v1/asb", ["asb"]

Sender = Annotated[Creation, requires(RESIDENT | FRONTEND | OFFICER)]
# a front end follows no case: whoever shares the home knows surname and postcode
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
Manager = Annotated[UnitOfWork, requires(OFFICER, scope=MANAGER)]
