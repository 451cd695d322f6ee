"""Every table of this service's database: the repair's, and those of its features."""

from services.repairs.appliances import models as _appliances  # noqa: F401
from services.repairs.appointments import models as _appointments  # noqa: F401
from services.repairs.asb_damage import models as _asb_damage  # noqa: F401
from services.repairs.case.models import Base
from services.repairs.hazards import models as _hazards  # noqa: F401
from services.repairs.recharges import models as _recharges  # noqa: F401
from services.repairs.referrals import models as _referrals  # noqa: F401

__all__ = ["Base"]
