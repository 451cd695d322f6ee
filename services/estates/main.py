"""The estates service: `python -m deploy.serve services.estates.main:app 8104`."""

from functools import partial

from services import estates
from services.estates.api import issues, rounds, sites
from services.estates.consumer import CONSUMES
from services.estates.models import Attachment, Issue, Site
from services.estates.policy import issue as issue_policy, site as site_policy
from services.estates.service import asking
from shared.app import Service, create_app
from shared.cases.mail.joining import Mailbox
from shared.cases.queries import Owned
from shared.cases.routers import internal_router

OWNED: Owned = {Site: site_policy.LIFECYCLE.ended, Issue: issue_policy.LIFECYCLE.ended}

SERVICE = Service(
    name="estates",
    title="Estates",
    description=estates.__doc__ or "",
    owned=OWNED,
    consumes=CONSUMES,
    workers=(("asking", asking.run),),
    asks={"asking": asking.COMPLAINTS},
    routers=(
        sites.router,
        issues.router,
        issues.attachments,
        issues.internal,
        rounds.router,
        rounds.repeated,
        internal_router(OWNED, mailbox=Mailbox(Issue, Attachment)),
    ),
)

app = partial(create_app, SERVICE)
