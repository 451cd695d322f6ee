"""Forms of enquiries, calls, office visits, appointments and feedback."""

from services.board.acts.common import (
    ASSIGNMENT,
    CHANNELS,
    CONTACT,
    DEPARTMENTS,
    IDENTIFICATION,
    MAYBE_WHY,
    MEETING,
    NOTES,
    REASON,
)
from services.board.acts.forms import (
    Form,
    choice,
    day,
    forms,
    instant,
    line,
    money,
    words,
    yes_no,
)

PASSED_TO = {**DEPARTMENTS, "other": "Another service"}
AT_ONCE = yes_no("resolved_at_first_contact", "Was it settled at once?")

ENQUIRIES = forms(
    ASSIGNMENT,
    Form(
        act="acknowledgement",
        button="Write who deals with it",
        done="The letter is on its way.",
        follows="The letter says who deals with it.",
    ),
    Form(
        act="response",
        button="Send the reply",
        done="The reply is sent.",
        follows="It answers in full.",
        fields=(words("message", "The full answer"),),
    ),
    Form(
        act="holding-reply",
        button="Send a holding reply",
        done="The holding reply is sent.",
        follows="Before the promised day, it moves that day to the one you give.",
        fields=(
            REASON,
            day("respond_by", "They have the full answer by"),
            words("message", "As much of the answer as is known (optional)", required=False),
        ),
    ),
    Form(
        act="referral",
        button="Pass it on",
        done="The enquiry is passed on.",
        fields=(
            choice("to", "To whom?", PASSED_TO),
            day("expected_answer_on", "They answer by"),
            MAYBE_WHY,
        ),
    ),
    Form(
        act="need",
        button="Ask for what is needed",
        done="They are asked.",
        fields=(
            choice(
                "need",
                "What is needed?",
                {"clarification": "A clarification", "identity": "Proof of who they are", "fee": "A fee"},
            ),
            words("message", "As they are told"),
            money("amount", "Of a fee: how much?", required=False),
        ),
    ),
    Form(
        act="need/met",
        button="Record that it is there",
        done="The time goes on.",
        fields=(words("message", "As they put it (optional)", required=False),),
    ),
    Form(
        act="extension",
        button="Say that the law gives longer",
        done="The new date stands.",
        fields=(REASON, day("respond_by", "They have the answer by", required=False)),
    ),
    Form(
        act="reply",
        button="Record that they wrote back",
        done="It is kept with the enquiry.",
        fields=(words("message", "What they wrote"), choice("channel", "How?", CHANNELS, required=False)),
    ),
    Form(
        act="complaint",
        button="Make it a complaint too",
        done="It is a complaint too.",
        fields=(choice("about", "About which service?", PASSED_TO, required=False),),
    ),
    Form(
        act="closure",
        button="End without an answer",
        done="The enquiry is ended.",
        fields=(
            choice(
                "ground",
                "On which ground?",
                {
                    "withdrawn": "They took it back",
                    "duplicate": "It came twice",
                    "no_enquiry": "It asks nothing",
                    "nothing_given": "What was needed did not come",
                    "fee_not_paid": "The fee was not paid",
                },
            ),
            REASON,
        ),
    ),
    CONTACT,
)

CALLS = forms(
    Form(
        act="answer",
        button="Record the answer",
        done="The call is recorded.",
        fields=(
            line("answered_by.name", "Who answered?"),
            line("answered_by.department", "Of which department?"),
            AT_ONCE,
            choice("referred_to", "Passed on to whom?", PASSED_TO, required=False),
            day("expected_answer_on", "They have an answer by", required=False),
            yes_no("told_about_online", "Were they told of the website?", required=False),
            line("recording_reference", "Reference of the recording", required=False),
            instant("answered_at", "When was it answered?", required=False),
        ),
        dated=False,
    ),
    Form(
        act="abandonment",
        button="Record that they hung up",
        done="It is recorded.",
        fields=(instant("abandoned_at", "When?", required=False),),
        dated=False,
    ),
    Form(act="resolution", button="Record that they were answered", done="It is recorded."),
)

VISITS = forms(
    Form(
        act="seeing",
        button="Record who saw them",
        done="It is recorded.",
        fields=(
            line("seen_by", "Who saw them?"),
            AT_ONCE,
            choice("passed_to", "Passed on to whom?", PASSED_TO, required=False),
            instant("seen_at", "When?", required=False),
        ),
        dated=False,
    ),
    Form(
        act="departure",
        button="Record that they left",
        done="It is recorded.",
        fields=(instant("left_at", "When?", required=False),),
        dated=False,
    ),
)

APPOINTMENTS = forms(
    Form(act="move", button="Move the appointment", done="The appointment is moved.", fields=(MEETING,)),
    Form(
        act="outcome",
        button="Record how it went",
        done="It is recorded.",
        fields=(
            yes_no("kept", "Did we keep it?"),
            IDENTIFICATION,
            yes_no("access_needs_met", "Were access needs met?", required=False),
            NOTES,
        ),
    ),
    Form(
        act="cancellation",
        button="Call it off",
        done="The appointment is called off.",
        fields=(
            choice("by", "Who calls it off?", {"resident": "The resident", "council": "The council"}),
            MAYBE_WHY,
        ),
    ),
    CONTACT,
)

FEEDBACK = forms(
    Form(
        act="follow-up",
        button="Record what came of it",
        done="It is followed up.",
        fields=(words("outcome", "What came of it?"),),
    ),
    Form(act="complaint", button="Make it a complaint", done="It is a complaint too."),
)
