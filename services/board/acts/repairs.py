"""Forms of repairs and of appliances."""

from services.board.acts.common import CONTACT, MAYBE_WHY, NOTES, REASON
from services.board.acts.forms import (
    Form,
    choice,
    day,
    forms,
    instant,
    line,
    money,
    number,
    words,
    yes_no,
)
from services.board.acts.hazards import HAZARD_FORMS

UPDATES = {
    "accepted": "The firm accepted the job",
    "en_route": "On the way",
    "attended": "Somebody came",
    "made_safe": "Made safe",
    "no_access": "Nobody could get in",
    "follow_on_needed": "More work is needed",
    "completed": "Finished",
}

HANDBACK = {
    "not_our_trade": "It needs another trade",
    "not_in_contract": "It is not in the firm's contract",
    "not_our_area": "It is not in the firm's area",
    "no_capacity": "The firm cannot come in time",
    "other": "Another reason",
}

FIRM = choice("contractor", "Which firm?", {}, "Those that are registered.")

REPAIRS = forms(
    Form(
        act="assignment",
        button="Give to a firm",
        done="Given to the firm.",
        follows="The firm sees the job from now on; one that had it before no longer does.",
        fields=(
            FIRM,
            line("handler", "Which officer deals with it? (optional)", required=False),
        ),
        dated=False,
    ),
    Form(
        act="handback",
        button="Take it back from the firm",
        done="No firm has it now.",
        follows="The firm sees it no more, and its visit is called off. Its time runs on.",
        fields=(choice("reason", "Why?", HANDBACK), words("notes", "In the firm's words", required=False)),
    ),
    Form(
        act="updates",
        button="Record an update",
        done="The update is recorded.",
        follows="A promise is met at the time it happened, not when it was told.",
        fields=(
            choice("type", "What happened?", UPDATES),
            line("operative", "Who was there? (optional)", required=False),
            NOTES,
            yes_no("clean_and_tidy", "Finished: was it left clean and tidy?", required=False),
            yes_no("identification_shown", "Finished: was identification shown?", required=False),
            line(
                "way",
                "No access: how was it tried?",
                "Knocked, rang, sent a text, left a card.",
                required=False,
            ),
            line(
                "outcome", "No access: what came of it?", "Nobody answered, or they said no.", required=False
            ),
            instant("appointment.starts_at", "More work: the next visit begins", required=False),
            instant("appointment.ends_at", "More work: the next visit ends", required=False),
        ),
        left_out={"appointment.slot_id": "the time that was agreed on site is told, not a slot"},
    ),
    Form(
        act="updates/{number}/decision",
        button="Decide on an earlier time",
        done="The decision is recorded.",
        follows="The firm told an earlier time than before. Its first word stands unless you accept it.",
        fields=(
            number("number", "Which update?", in_path=True),
            yes_no("accepted", "Do you accept it?"),
            REASON,
        ),
        dated=False,
    ),
    Form(
        act="priority",
        button="Change the priority",
        done="The priority is changed.",
        follows="For danger or vulnerability; never less urgent than the guide has it.",
        fields=(number("priority", "Priority", "1 is the most urgent."), REASON),
    ),
    Form(
        act="cancellation",
        button="Call the repair off",
        done="The repair is called off.",
        follows="Nothing more is promised about it.",
        fields=(REASON,),
    ),
    CONTACT,
    Form(
        act="appointment",
        button="Book a visit",
        done="The visit is booked.",
        fields=(choice("slot_id", "Which time?", {}, "The times that the firms offer."),),
    ),
    Form(
        act="appointment/cancellation",
        button="Call the visit off",
        done="The visit is called off.",
        follows="The repair goes on, and so do its promises.",
        fields=(MAYBE_WHY,),
    ),
    Form(
        act="recharge",
        button="Quote a charge",
        done="The charge is quoted.",
        follows="Work waits until it is signed for.",
        fields=(
            REASON,
            money("estimated_cost", "Estimated cost"),
            money("administration_charge", "Administration charge"),
        ),
        dated=False,
    ),
    Form(
        act="recharge/signature",
        button="Record the signature",
        done="The signature is recorded.",
        fields=(line("signed_by", "Who signed?"), words("signature", "What was signed?")),
    ),
    Form(
        act="recharge/decline",
        button="Record that they will not pay",
        done="The repair is closed: they will not pay.",
        fields=(REASON,),
        dated=False,
    ),
    Form(
        act="recharge/waiver",
        button="Let them off the charge",
        done="The council pays.",
        fields=(REASON,),
        dated=False,
    ),
    Form(
        act="estimate",
        button="Estimate the cost",
        done="The estimate is kept.",
        follows="Over the limit the right to repair ends.",
        fields=(money("amount", "How much?"),),
    ),
    Form(
        act="second-contractor",
        button="Bring in a second firm",
        done="A second firm has the job.",
        fields=(FIRM,),
    ),
    Form(
        act="right-to-repair/suspension",
        button="Suspend the right to repair",
        done="The period is suspended.",
        fields=(REASON,),
    ),
    Form(
        act="right-to-repair/resumption",
        button="Let the period run on",
        done="The period runs on.",
        fields=(REASON,),
    ),
    Form(
        act="right-to-repair/end",
        button="End the right to repair",
        done="The right to repair has ended.",
        fields=(
            choice(
                "because", "Because", {"no_access": "Nobody could get in", "not_wanted": "It was not wanted"}
            ),
            REASON,
        ),
    ),
    Form(
        act="compensation/set-off",
        button="Set compensation off",
        done="The compensation is set off.",
        fields=(money("amount", "How much?"), REASON),
        dated=False,
    ),
    *HAZARD_FORMS,
)

APPLIANCES = forms(
    Form(
        act="services",
        button="Record a service",
        done="The service is recorded.",
        fields=(
            day("serviced_on", "On which day?", required=False),
            line("certificate", "Number of the safety record (optional)", required=False),
            NOTES,
        ),
    ),
    Form(
        act="removal",
        button="Take it off the register",
        done="The appliance is off the register.",
        fields=(MAYBE_WHY,),
    ),
    CONTACT,
)
