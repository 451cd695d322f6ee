"""The order of a complaint's acts: the facts that each follows, and so cannot be dated before."""

from collections.abc import Mapping, Sequence

from services.complaints import events
from services.complaints.policy import Action
from shared.order import Follows

TRIAGED = Follows.of("it was decided how the complaint is dealt with", events.ComplaintTriaged)
TAKEN_UP = Follows.of("the other service took it up", events.ReferralTakenUp)
REOPENED = Follows.of("the complaint was taken up again", events.ComplaintReopened)
ACKNOWLEDGED = Follows.of("the complaint was acknowledged", events.ComplaintAcknowledged)
TOLD_LONGER = Follows.of("the complainant was told that the answer needs longer", events.ReplyExtended)
ANSWERED = Follows.of("the complaint was answered", events.ComplaintResponded)
WITH_OMBUDSMAN = Follows.of("it went to the ombudsman", events.OmbudsmanReferred)
DETERMINED = Follows.of("the ombudsman decided", events.OmbudsmanDetermined)
RESTRICTED = Follows.of(
    "contact was last restricted", events.ContactRestricted, events.ContactRestrictionLifted
)
ADJUSTED = Follows.of("the adjustments were last agreed", events.AdjustmentsAgreed, events.AdjustmentsEnded)
PACED = Follows.of("the interval was last agreed", events.UpdateIntervalAgreed)

FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    **dict.fromkeys((Action.ASSIGNMENT, Action.ACKNOWLEDGEMENT, Action.POINTS), (REOPENED,)),
    Action.EXTENSION: (REOPENED,),
    Action.TRIAGE: (REOPENED, TRIAGED),
    # either Code counts the answer from the acknowledgement: one dated before it would answer nothing
    Action.RESPONSE: (REOPENED, ACKNOWLEDGED, TOLD_LONGER),
    Action.WITHDRAWAL: (REOPENED, ACKNOWLEDGED, TOLD_LONGER),
    Action.ESCALATION: (ANSWERED,),
    # of a refusal as of the final answer
    Action.OMBUDSMAN_REFERRAL: (TRIAGED, ANSWERED),
    Action.OMBUDSMAN_DETERMINATION: (TRIAGED, ANSWERED, WITH_OMBUDSMAN),
    # a refusal that is overruled is taken up after the ombudsman's word
    Action.REOPENING: (TRIAGED, TAKEN_UP, WITH_OMBUDSMAN, DETERMINED),
    Action.RESTRICTION: (RESTRICTED,),
    Action.LIFTING: (RESTRICTED,),
    Action.ADJUSTMENTS: (ADJUSTED,),
    Action.INTERVAL: (PACED,),
}
"""The facts that each act follows, besides the beginning of its stage, which every act follows."""
