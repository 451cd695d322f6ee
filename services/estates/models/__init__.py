"""The tables of estates: sites with what is done at them, and problems reported on them."""

from services.estates.models.base import Base
from services.estates.models.issue import Attachment, Issue, IssueReferral, TakenUp
from services.estates.models.site import Clean, Clearance, FollowUp, Inspection, Site

__all__ = [
    "Attachment",
    "Base",
    "Clean",
    "Clearance",
    "FollowUp",
    "Inspection",
    "Issue",
    "IssueReferral",
    "Site",
    "TakenUp",
]
