"""Forms of sites and of problems on estates."""

from services.board.acts.common import CONTACT, MAYBE_WHY, MEETING, NOTES, WHO
from services.board.acts.forms import Form, choice, day, forms, line, lines, number, yes_no

CARETAKER = line("caretaker", "Which caretaker? (optional)", required=False)

SITES = forms(
    Form(
        act="assignment",
        button="Give to a caretaker",
        done="The site has a caretaker.",
        fields=(
            line("caretaker", "Which caretaker?"),
            number("walking_order", "Place in the round (optional)", required=False),
        ),
    ),
    Form(
        act="cleans",
        button="Record a clean",
        done="The clean is recorded.",
        follows="Only all parts that this kind of site needs keep the promise.",
        fields=(
            yes_no("inside", "Inside?"),
            yes_no("outside", "Outside?"),
            yes_no("lifts", "Lifts?", required=False),
            yes_no("lobbies", "Lobbies?", required=False),
            yes_no("landings", "The landing whose turn it is?", required=False),
            yes_no("swept", "Swept, and litter picked?", required=False),
        ),
    ),
    Form(
        act="inspections",
        button="Record an inspection",
        done="The inspection is recorded.",
        fields=(
            number("cleanliness", "How clean, from 1 to 5?", "5 is the best."),
            lines("unsatisfactory", "What has to be put right?", "One on each line.", required=False),
            NOTES,
        ),
    ),
    Form(
        act="follow-ups/{number}/resolution",
        button="Record that it was put right",
        done="It is recorded as put right.",
        fields=(number("number", "Which of what was found?", in_path=True), CARETAKER, NOTES),
    ),
    Form(
        act="clearances",
        button="Plan a clearance",
        done="The clearance is planned.",
        fields=(day("date", "On which day?"), line("partner", "With whom? (optional)", required=False)),
    ),
    Form(
        act="clearances/{number}/outcome",
        button="Record how the clearance went",
        done="It is recorded.",
        fields=(
            number("number", "Which clearance?", in_path=True),
            yes_no("carried_out", "Was it carried out?"),
            NOTES,
        ),
    ),
    Form(act="retirement", button="Retire the site", done="The site is retired.", fields=(MAYBE_WHY,)),
)

ISSUES = forms(
    Form(act="assignment", button="Give to somebody", done="Somebody has it now.", fields=(WHO,)),
    Form(act="attendance", button="Record that somebody came", done="It is recorded."),
    Form(
        act="appointment",
        button="Agree on a collection",
        done="The time is agreed.",
        fields=(MEETING,),
    ),
    Form(
        act="referral",
        button="Pass it on",
        done="It is passed on.",
        follows="It opens a case there, which is followed to its end.",
        fields=(
            choice(
                "to",
                "To whom?",
                {"repairs": "Repairs", "asb": "Anti-social behaviour", "residents": "Residents"},
            ),
            MAYBE_WHY,
        ),
    ),
    Form(
        act="resolution",
        button="Record that it was dealt with",
        done="It is dealt with.",
        fields=(
            choice(
                "resolution",
                "What came of it?",
                {
                    "dealt_with": "It was dealt with",
                    "nothing_found": "Nothing was found",
                    "called_off": "It was called off",
                },
                required=False,
            ),
            NOTES,
        ),
    ),
    CONTACT,
)
