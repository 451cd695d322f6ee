"""The residents service: `python -m deploy.serve services.residents.main:app 8107`."""

from functools import partial

from services import residents
from services.residents import policy
from services.residents.api import households, properties, tenancies, welfare as welfare_routes
from services.residents.consumer import CONSUMES
from services.residents.models import Attachment, Tenancy, Welfare
from services.residents.service import referrals, welfare
from shared.app import Service, create_app
from shared.cases.mail.joining import Mailbox
from shared.cases.queries import Owned
from shared.cases.routers import internal_router

OWNED: Owned = {Tenancy: policy.ENDED, Welfare: policy.WELFARE.ended}

SERVICE = Service(
    name="residents",
    title="Residents",
    description=residents.__doc__ or "",
    owned=OWNED,
    consumes=CONSUMES,
    workers=(("referrals", referrals.run), ("welfare", welfare.run)),
    asks={"referrals": referrals.COMPLAINTS, "welfare": welfare.ESTATES},
    routers=(
        tenancies.router,
        tenancies.attachments,
        welfare_routes.router,
        properties.router,
        households.router,
        internal_router(OWNED, mailbox=Mailbox(Tenancy, Attachment)),
    ),
)

app = partial(create_app, SERVICE)
