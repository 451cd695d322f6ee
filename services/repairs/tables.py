"""Every table of this service's database: the core's, and those of its use cases."""

from services.repairs.attachments import models as _attachments  # noqa: F401
from services.repairs.models import Base
from services.repairs.recharges import models as _recharges  # noqa: F401

__all__ = ["Base"]
