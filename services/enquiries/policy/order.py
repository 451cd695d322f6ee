"""The order of an enquiry's acts: the facts that each follows, and so cannot be dated before."""

from collections.abc import Mapping, Sequence

from services.enquiries import events
from services.enquiries.policy.enquiry import Action
from shared.order import Follows

WRITTEN_AGAIN = Follows.of("the enquirer wrote again", events.EnquiryReopened)
NEED_TOLD = Follows.of("the enquirer was told what is needed", events.NeedTold)
NEED_MET = Follows.of("what was needed was given", events.NeedMet)
HELD = Follows.of("the enquirer was told that it takes longer", events.HoldingReplySent, events.TimeExtended)
ENDED = Follows.of("the enquiry was answered", events.EnquiryAnswered, events.EnquiryClosed)

AT_WORK = (WRITTEN_AGAIN, NEED_MET)

FOLLOWS: Mapping[Action, Sequence[Follows]] = {
    **dict.fromkeys((Action.ASSIGNMENT, Action.ACKNOWLEDGEMENT, Action.REFERRAL, Action.NEED), AT_WORK),
    Action.HOLDING_REPLY: (*AT_WORK, HELD),
    Action.EXTENSION: AT_WORK,
    Action.NEED_MET: (NEED_TOLD,),
    Action.RESPONSE: (*AT_WORK, NEED_TOLD, HELD),
    Action.CLOSURE: (*AT_WORK, NEED_TOLD, HELD),
    # what crossed the answer takes nothing up again
    Action.REPLY: (ENDED,),
}
"""The facts that each act follows, besides the receipt, which every act follows."""
