"""Forms of residents about their own cases: the acts of officers' forms, in words for whoever lives there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.board.acts.common import DAYS
from services.board.acts.forms import Field, Form, checks, choice, instant, line, lines, words, yes_no
from services.board.acts.tables import form_of

OwnForm = Form
"""A form in words for residents."""

WAYS = {"phone": "By phone", "mobile": "By text", "email": "By email", "letter": "By letter"}
WHY = words("reason", "Why?")
MAYBE_WHY = words("reason", "Why? You need not say.", required=False)
CONTACT = (
    line("name", "Your name", required=False),
    line("phone", "Phone number", required=False),
    line("email", "Email address", required=False),
    words("address", "Where to write to", required=False),
    yes_no("safe_to_contact", "Is it safe for us to reach you?", "This counts at once.", required=False),
    checks("safe_channels", "How may we reach you?", WAYS, "None means any way.", required=False),
    checks("safe_times.0.days", "On which days?", DAYS, required=False),
    line("safe_times.0.from", "Not before", "Such as 10:00", required=False),
    line("safe_times.0.to", "Not after", "Such as 14:00", required=False),
    words("access_needs", "Is there anything we should know before we come?", required=False),
)


@dataclass(frozen=True, slots=True)
class Said:
    """The words of an act for a resident; `fields` where theirs are other than an officer's."""

    button: str
    done: str
    follows: str = ""
    fields: tuple[Field, ...] | None = None


CORRECT = Said("Change how we reach you", "We have changed it.", "Fill in only what is to change.", CONTACT)

# In the order in which a page has them.
OWN: Mapping[str, Mapping[str, Said]] = {
    "REP": {
        "appointment": Said("Choose a time for the visit", "The visit is booked."),
        "appointment/cancellation": Said(
            "Call the visit off", "The visit is called off.", "The repair goes on.", (MAYBE_WHY,)
        ),
        "hazard/in-person-request": Said(
            "Ask for someone to come and look", "We will come and look.", "You need not say why."
        ),
        "hazard/decant/answer": Said(
            "Answer the offer of another home",
            "We have your answer.",
            fields=(
                yes_no("accepted", "Do you take it?"),
                words("suitability", "Is it right for you? What is not?", required=False),
            ),
        ),
        "recharge/signature": Said(
            "Agree to pay",
            "You have agreed to pay.",
            "The work starts once you have agreed.",
            (line("signed_by", "Your name"), line("signature", "Type your name to sign")),
        ),
        "recharge/decline": Said("Say that you will not pay", "We have your answer.", fields=(WHY,)),
        "second-contractor": Said(
            "Ask for another firm",
            "We will send another firm.",
            "You may ask, as the first did not come in time.",
            (choice("contractor", "Which firm shall come?", {}),),
        ),
        "contact": CORRECT,
        "cancellation": Said(
            "Say that you no longer need this", "The repair is called off.", "Nobody comes then.", (WHY,)
        ),
    },
    "CMP": {
        "points": Said("Add to your complaint", "We have added it.", fields=(lines("points", "What else?"),)),
        "escalation": Said(
            "Ask us to look again",
            "Someone else looks at it now.",
            "Someone who has not dealt with it will look at it.",
            (words("reason", "What is not right? You need not say.", required=False),),
        ),
        "ombudsman-referral": Said(
            "Tell us that you asked the ombudsman",
            "We have noted it.",
            fields=(line("their_reference", "Their reference, if you have it", required=False),),
        ),
        "contact": CORRECT,
        "withdrawal": Said("Take your complaint back", "You have taken it back.", fields=(MAYBE_WHY,)),
    },
    "ENQ": {
        "reply": Said(
            "Write to us about this", "We have your words.", fields=(words("message", "Your words"),)
        ),
        "complaint": Said(
            "Make it a complaint", "It is a complaint now.", "Your question goes on beside it.", ()
        ),
        "contact": CORRECT,
    },
    "MTG": {
        "move": Said("Ask for another time", "The time is changed.", fields=(instant("at", "When?"),)),
        "cancellation": Said(
            "Call it off",
            "It is called off.",
            fields=(MAYBE_WHY,),
        ),
        "contact": CORRECT,
    },
    "CAS": {
        "incidents": Said(
            "Tell us what happened since",
            "We have it.",
            "We get in touch with you as you asked.",
            (words("description", "What happened?"),),
        ),
        "survey/answers": Said(
            "Tell us what you think of our work",
            "We have your answers.",
            fields=(
                yes_no("satisfied", "Are you happy with what we did?"),
                words("comments", "Why?", required=False),
                yes_no("complaint", "Shall we make it a complaint?", required=False),
            ),
        ),
        "case-review": Said(
            "Ask for your case to be looked at again",
            "We have asked for it.",
            "All who deal with it look at it once more.",
            (words("grounds", "Why?"),),
        ),
        "contact": CORRECT,
    },
    "EST": {"contact": CORRECT},
    "FBK": {"complaint": Said("Make it a complaint", "It is a complaint now.", fields=())},
    "TEN": {
        "support-plan/request": Said("Ask for help to settle in", "We will make a plan with you."),
        "vulnerability": Said(
            "Tell us that you need extra help",
            "We have noted it.",
            fields=(yes_no("vulnerable", "Do you, or does anyone in your home, need extra help?"),),
        ),
        "contact": CORRECT,
    },
}

GIVEN: Mapping[tuple[str, str], Mapping[str, str]] = {("MTG", "cancellation"): {"by": "resident"}}
"""Values of acts that are plain where a resident does them."""


def own_form(prefix: str, act: str) -> OwnForm | None:
    """The form of a resident's act; None where they have none."""
    said = OWN.get(prefix, {}).get(act)
    form = form_of(prefix, act)
    if said is None or form is None:
        return None
    fields = form.fields if said.fields is None else said.fields
    return replace(form, button=said.button, done=said.done, follows=said.follows, fields=fields, dated=False)


def own_forms(prefix: str, allowed: Sequence[str]) -> list[OwnForm]:
    """The forms of what a resident may do now, in the order of the table."""
    found = (own_form(prefix, act) for act in OWN.get(prefix, {}) if act in allowed)
    return [form for form in found if form is not None]
