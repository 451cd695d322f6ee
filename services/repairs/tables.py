"""Every table of this service's database: the repair's, and those of its features."""

from services.repairs.appliances import models as appliances
from services.repairs.appointments import models as appointments
from services.repairs.asb_damage import models as asb_damage
from services.repairs.case.models import Base
from services.repairs.contractors import models as contractors
from services.repairs.hazards import models as hazards
from services.repairs.recharges import models as recharges
from services.repairs.referrals import models as referrals

__all__ = [
    "Base",
    "appliances",
    "appointments",
    "asb_damage",
    "contractors",
    "hazards",
    "recharges",
    "referrals",
]
