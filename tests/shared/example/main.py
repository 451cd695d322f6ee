"""The permits service: `python -m deploy.serve tests.shared.example.main:app 8199`."""

from functools import partial

from shared.app import Service, create_app
from shared.cases.queries import Owned
from shared.cases.routers import internal_router
from tests.shared import example
from tests.shared.example.api import router
from tests.shared.example.models import Permit
from tests.shared.example.policy import LIFECYCLE

OWNED: Owned = {Permit: LIFECYCLE.ended}

SERVICE = Service(
    name="permits",
    title="Permits",
    description=example.__doc__ or "",
    routers=(router, internal_router(OWNED)),
    owned=OWNED,
)

app = partial(create_app, SERVICE)
