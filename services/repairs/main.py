"""The repairs service: `uvicorn services.repairs.main:app`."""

from services import repairs
from services.repairs.api import internal, router
from shared.app import Service, create_app

SERVICE = Service(
    name="repairs", title="Repairs", description=repairs.__doc__ or "", routers=(router, internal)
)

app = create_app(SERVICE)
