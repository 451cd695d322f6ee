"""The repairs service: `python -m deploy.serve services.repairs.main:app 8101`."""

from functools import partial

from services import repairs
from services.repairs.actions.consume import CONSUMES
from services.repairs.api import (
    appliances,
    appointments,
    attachments,
    contractors,
    guide,
    hazards,
    recharges,
    repairs as repair_routes,
    right_to_repair,
)
from services.repairs.appliances import planning, policy as appliances_policy
from services.repairs.appliances.models import Appliance
from services.repairs.asb_damage import locating
from services.repairs.asb_damage.asking import ASB
from services.repairs.case import policy
from services.repairs.case.models import Attachment, Repair
from services.repairs.referrals import asking as referrals
from services.repairs.referrals.policy import COMPLAINTS, ESTATES
from services.repairs.views.summaries import summaries
from shared.app import Service, create_app
from shared.cases.mail.joining import Mailbox
from shared.cases.queries import Owned
from shared.cases.routers import internal_router

OWNED: Owned = {Repair: policy.ENDED, Appliance: appliances_policy.ENDED}

SERVICE = Service(
    name="repairs",
    title="Repairs",
    description=repairs.__doc__ or "",
    owned=OWNED,
    routers=(
        guide.router,
        repair_routes.router,
        appointments.router,
        appointments.slots,
        attachments.router,
        contractors.router,
        recharges.router,
        right_to_repair.router,
        hazards.router,
        appliances.router,
        internal_router(
            OWNED,
            summaries,
            mailbox=Mailbox(Repair, Attachment),
        ),
    ),
    consumes=CONSUMES,
    workers=(
        ("locating", locating.run),
        ("referrals", referrals.ask_complaints),
        ("issues", referrals.ask_estates),
        ("planning", planning.run),
    ),
    asks={"locating": ASB, "referrals": COMPLAINTS, "issues": ESTATES},
)

app = partial(create_app, SERVICE)
