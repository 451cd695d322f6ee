"""The permits service: `python -m deploy.serve tests.shared.example.main:app 8199`."""

from functools import partial

from shared.app import Service, create_app
from shared.cases.routers import internal_router
from tests.shared import example
from tests.shared.example.api import router
from tests.shared.example.models import Permit
from tests.shared.example.policy import LIFECYCLE

SERVICE = Service(
    name="permits",
    title="Permits",
    description=example.__doc__ or "",
    routers=(router, internal_router({Permit: LIFECYCLE.ended})),
)

app = partial(create_app, SERVICE)
