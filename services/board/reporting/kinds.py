"""All kinds of report: those that anybody makes, and those that officers write down for others."""

from collections.abc import Mapping

from services.board.acts.common import DAYS, DEPARTMENTS
from services.board.acts.forms import checks, choice, day, instant, line, number, words, yes_no
from services.board.reporting.common import HOME, reach
from services.board.reporting.questions import Kind, Step
from services.board.reporting.repairs import REPAIRS

KIND, CHANNEL, RECEIVED = "report", "came_by", "came_at"
SAFE_HERE = "safe_here"
LOCAL = frozenset({KIND, CHANNEL, RECEIVED, HOME, SAFE_HERE})
"""Questions of the pages alone; no body has their answers under these names."""

ISSUES = {
    "rubbish": "Rubbish or mess",
    "fly_tipping": "Dumped rubbish",
    "bulky_items": "A large thing to take away",
    "graffiti": "Graffiti",
    "needles": "Needles",
    "communal_repair": "Something broken that we all use",
    "other": "Something else",
    "abandoned_vehicle": "A car that was left",
}
ABOUT = {
    "repairs": "Repairs",
    "estates": "Shared areas",
    "residents": "Your tenancy",
    "asb": "A report that you made of someone",
    "enquiries": "A question that you asked us",
    "staff": "A member of staff",
    "other_service": "Something else",
}
BEHAVIOUR = {
    "noise": "Noise",
    "harassment": "Threats, or someone who will not leave you alone",
    "violence": "Violence",
    "domestic_abuse": "Abuse by a partner or in the family",
    "racial_harassment": "Abuse because of race",
    "hate_crime": "Abuse for who you are",
    "drugs": "Drugs",
    "other": "Something else",
}
WAYS = {"phone": "Ring me", "mobile": "Send me a text", "email": "Email me", "letter": "Write to me"}

ISSUE = Kind(
    code="outside",
    words="Shared areas, stairs or outside",
    path="/v1/estates/issues",
    steps=(
        Step(
            title="What is wrong?",
            fields=(
                choice("kind", "Which of these is it?", ISSUES),
                yes_no("offensive", "Graffiti: is it racist or sexist?", required=False),
                words("description", "Tell us more"),
            ),
        ),
        Step(
            title="Where is it?",
            fields=(line("location", "Where is it?", "The block and the floor, or what it is next to."),),
        ),
        reach("the team that looks after shared areas"),
    ),
)
COMPLAINT = Kind(
    code="complaint",
    words="I am not happy with what you did",
    path="/v1/complaints",
    steps=(
        Step(
            title="What went wrong?",
            fields=(
                choice("about", "What is it about?", ABOUT),
                words("description", "Tell us what went wrong"),
                words("outcome_sought", "What do you want us to do?", required=False),
                line("about_reference", "Reference of the case, if you have one", required=False),
            ),
        ),
        reach("the complaints team"),
    ),
)
ENQUIRY = Kind(
    code="question",
    words="A question, or something else",
    path="/v1/enquiries",
    steps=(
        Step(
            title="What do you want to ask?",
            fields=(line("subject", "What is it about?"), words("message", "Your question")),
        ),
        reach("the team that answers you"),
    ),
)

# As neutral as the pages of a leaking tap: address, title and the names of the fields say nothing.
SAFETY_FIRST = Step(title="Before you go on", warns=True)
SAFE = Step(
    title="Is it safe for you to answer here?",
    lead="Think of who can see this screen, now or later.",
    fields=(yes_no(SAFE_HERE, "Is it safe for you to answer here?"),),
    stops=(SAFE_HERE, "no"),
)
REACH_SAFELY = Step(
    title="How and when may we reach you?",
    lead="We use only what you choose here. Who will see this: the team that deals with it, and nobody else.",
    fields=(
        checks("contact.safe_channels", "How may we reach you?", WAYS),
        line("contact.phone", "Phone number", "One that is safe to use.", required=False),
        line("contact.email", "Email address", "One that nobody else reads.", required=False),
        words("contact.address", "Where to write to", "A place where it is safe for you.", required=False),
        checks("contact.safe_times.0.days", "On which days?", DAYS, "None means any day.", required=False),
        line("contact.safe_times.0.from", "Not before", "Such as 10:00", required=False),
        line("contact.safe_times.0.to", "Not after", "Such as 14:00", required=False),
    ),
    one_of=("contact.phone", "contact.email", "contact.address"),
    missing="Give one way to reach you.",
)
BEHAVIOUR_REPORT = Kind(
    code="someone",
    words="The way someone behaves",
    path="/v1/asb",
    private=True,
    steps=(
        SAFETY_FIRST,
        SAFE,
        REACH_SAFELY,
        Step(
            title="What happened?",
            fields=(
                choice("category", "What is it most like?", BEHAVIOUR),
                words(
                    "description",
                    "Tell us what happened",
                    "What, when and where. Write only what you want to.",
                ),
                yes_no("hate_incident", "Was it because of who you are?", required=False),
                line("contact.name", "Your name", required=False),
            ),
        ),
    ),
)

VISIT = Kind(
    code="visit",
    words="A visit to the office",
    path="/v1/visits",
    for_officers=True,
    has_channel=False,
    received="arrived_at",
    steps=(
        Step(
            title="The visit",
            fields=(
                line("subject", "What did they come about?", required=False),
                words("access_needs", "Access needs", required=False),
            ),
        ),
    ),
)
CALL = Kind(
    code="call",
    words="A call, whatever it was about",
    path="/v1/calls",
    for_officers=True,
    has_channel=False,
    received="",
    steps=(
        Step(
            title="The call",
            fields=(
                instant("queued_at", "When did it begin to ring?"),
                instant("answered_at", "When was it answered?"),
                line("answered_by.name", "Who answered it?"),
                choice("answered_by.department", "For which department?", DEPARTMENTS),
                yes_no("resolved_at_first_contact", "Was it settled at once?"),
                day("expected_answer_on", "If not: an answer was promised for which day?", required=False),
                choice("referred_to", "Or which service will help?", DEPARTMENTS, required=False),
                yes_no("told_about_online", "Were they told that they can do this online?", required=False),
            ),
        ),
    ),
)
FEEDBACK = Kind(
    code="feedback",
    words="Feedback, or thanks",
    path="/v1/feedback",
    for_officers=True,
    received="",
    steps=(
        Step(
            title="The feedback",
            fields=(
                choice("about", "What is it about?", {**DEPARTMENTS, "website": "The website"}),
                number("score", "How well did we do?", "From 1, badly, to 5, very well."),
                words("comment", "In their words", required=False),
                line("reference", "Reference of the case, if there is one", required=False),
            ),
        ),
    ),
)

KINDS: Mapping[str, Kind] = {
    kind.code: kind for kind in (*REPAIRS, ISSUE, BEHAVIOUR_REPORT, COMPLAINT, ENQUIRY, CALL, VISIT, FEEDBACK)
}


def kinds_for(*, officer: bool) -> Mapping[str, str]:
    """The kinds of report that somebody may make, in the words of the first question."""
    return {code: kind.words for code, kind in KINDS.items() if officer or not kind.for_officers}
