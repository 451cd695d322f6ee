"""The routes of the photos and documents kept with a case; a resident sees their own alone."""

from services.asb.api.markers import PATH, TAGS
from services.asb.models import Attachment
from services.asb.queries import attachments_case, case_for_update, note_replay
from services.asb.service.presenting import allowed
from shared.cases.attachments.routers import attachments_router

router = attachments_router(
    PATH,
    Attachment,
    find=attachments_case,
    find_for_update=case_for_update,
    allowed=allowed,
    tags=TAGS,
    on_replay=note_replay,
)
