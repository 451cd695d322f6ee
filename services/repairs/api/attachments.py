"""The routes of the photos and signatures kept with a repair."""

from services.repairs.case.models import Attachment, Repair
from services.repairs.case.queries import repair, repair_for_update
from services.repairs.views import allowed
from shared.cases.attachments.routers import attachments_router

router = attachments_router(
    "/v1/repairs",
    Attachment,
    find=repair,
    find_for_update=repair_for_update,
    allowed=allowed,
    tags=["repairs"],
    brought=Repair,
)
