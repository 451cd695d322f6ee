"""Views of a repair: what each of its readers is shown, with what every feature knows of it besides."""

from services.repairs.views.presenters import (
    RepairView,
    allowed,
    present,
    present_all,
    present_followed,
    present_report,
)

__all__ = ["RepairView", "allowed", "present", "present_all", "present_followed", "present_report"]
