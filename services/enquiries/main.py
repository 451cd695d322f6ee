"""The enquiries service: `python -m deploy.serve services.enquiries.main:app 8106`."""

from services import enquiries
from services.enquiries.api import enquiries as enquiry_routes
from services.enquiries.models import Enquiry
from services.enquiries.policy import enquiry as policy
from shared.app import Service, create_app
from shared.cases.routers import internal_router

SERVICE = Service(
    name="enquiries",
    title="Enquiries",
    description=enquiries.__doc__ or "",
    routers=(
        enquiry_routes.router,
        enquiry_routes.attachments,
        enquiry_routes.internal,
        internal_router({Enquiry: policy.ENDED}),
    ),
)

app = create_app(SERVICE)
