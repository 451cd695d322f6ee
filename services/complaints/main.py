"""The complaints service: `python -m deploy.serve services.complaints.main:app 8103`."""

from functools import partial

from services import complaints
from services.complaints.api import internal
from services.complaints.api.complaints import attachments, router
from services.complaints.consumer import CONSUMES
from services.complaints.models import Attachment, Complaint
from services.complaints.policy import LIFECYCLE
from services.complaints.service import sources, updating
from shared.app import Service, create_app
from shared.cases.mail.joining import Mailbox
from shared.cases.queries import Owned
from shared.cases.routers import internal_router

OWNED: Owned = {Complaint: LIFECYCLE.ended}

SERVICE = Service(
    name="complaints",
    title="Complaints",
    description=complaints.__doc__ or "",
    owned=OWNED,
    consumes=CONSUMES,
    workers=(
        ("late-replies", updating.run),
        ("words-of-enquiries", sources.ask_enquiries),
        ("words-of-asb", sources.ask_asb),
    ),
    asks={"words-of-enquiries": "enquiries", "words-of-asb": "asb"},
    routers=(
        router,
        attachments,
        internal.router,
        internal_router(OWNED, mailbox=Mailbox(Complaint, Attachment)),
    ),
)

app = partial(create_app, SERVICE)
