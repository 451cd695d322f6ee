"""Every table of this service's database: the core's, and those of its use cases."""

from services.repairs.appliances import models as _appliances  # noqa: F401
from services.repairs.appointments import models as _appointments  # noqa: F401
from services.repairs.asb_damage import models as _asb_damage  # noqa: F401
from services.repairs.attachments import models as _attachments  # noqa: F401
from services.repairs.decisions import models as _decisions  # noqa: F401
from services.repairs.hazards import models as _hazards  # noqa: F401
from services.repairs.models import Base
from services.repairs.recharges import models as _recharges  # noqa: F401

__all__ = ["Base"]
