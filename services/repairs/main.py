"""The repairs service: `python -m deploy.serve services.repairs.main:app 8101`."""

from services import repairs
from services.repairs import policy
from services.repairs.api import router
from services.repairs.appliances import api as appliances, planning, policy as appliances_policy
from services.repairs.appliances.models import Appliance
from services.repairs.appointments import api as appointments
from services.repairs.asb_damage import locating
from services.repairs.asb_damage.consumer import CONSUMES
from services.repairs.attachments.api import router as attachments
from services.repairs.decisions.api import router as decisions
from services.repairs.hazards.api import router as hazards
from services.repairs.models import Repair
from services.repairs.recharges.api import router as recharges
from services.repairs.right_to_repair.api import router as right_to_repair
from shared.app import Service, create_app
from shared.cases.routers import internal_router

SERVICE = Service(
    name="repairs",
    title="Repairs",
    description=repairs.__doc__ or "",
    routers=(
        router,
        appointments.router,
        appointments.slots,
        decisions,
        attachments,
        recharges,
        right_to_repair,
        hazards,
        appliances.router,
        internal_router({Repair: policy.ENDED, Appliance: appliances_policy.ENDED}),
    ),
    consumes=CONSUMES,
    workers=(("locating", locating.run), ("planning", planning.run)),
)

app = create_app(SERVICE)
