"""Events of a site or a problem on it, as every other service receives them; no fact describes a person."""

from services.estates.events.issues import (
    AppointmentBooked,
    ContactCorrected,
    GraffitiRepeated,
    IssueAssigned,
    IssueAttended,
    IssueReferralEnded,
    IssueReferred,
    IssueReported,
    IssueResolved,
    IssueTakenUp,
    ReferralTakenUp,
)
from services.estates.events.sites import (
    CaretakerAssigned,
    ClearanceEnded,
    ClearancePlanned,
    FollowUpResolved,
    SiteCleaned,
    SiteInspected,
    SiteRegistered,
    SiteRetired,
)
from services.estates.events.values import IssueKind, Referee, Resolution, SiteKind

__all__ = [
    "AppointmentBooked",
    "CaretakerAssigned",
    "ClearanceEnded",
    "ClearancePlanned",
    "ContactCorrected",
    "FollowUpResolved",
    "GraffitiRepeated",
    "IssueAssigned",
    "IssueAttended",
    "IssueKind",
    "IssueReferralEnded",
    "IssueReferred",
    "IssueReported",
    "IssueResolved",
    "IssueTakenUp",
    "Referee",
    "ReferralTakenUp",
    "Resolution",
    "SiteCleaned",
    "SiteInspected",
    "SiteKind",
    "SiteRegistered",
    "SiteRetired",
]
