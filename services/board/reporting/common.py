"""Steps that several kinds of report share: the home, and the ways to reach somebody."""

from services.board.acts.forms import Field, choice, line, words, yes_no
from services.board.reporting.questions import Step

HOME = "home"
"""One of the homes of earlier cases, in the place of an address that is typed."""

WHICH_HOME = choice(HOME, "Is it one of these homes?", {}, "Or type the address below.", required=False)
ADDRESS = words("property.address", "Address", "House or flat number, and street.")
POSTCODE = line("property.postcode", "Postcode")
HELP = yes_no(
    "vulnerable",
    "Does anyone there need extra help?",
    "Such as a baby, or someone who is old, ill or disabled.",
    required=False,
)

WHERE = Step(title="Where is it?", fields=(WHICH_HOME, ADDRESS, POSTCODE))
WHERE_AND_WHO = Step(title="Where is it?", fields=(WHICH_HOME, ADDRESS, POSTCODE, HELP))


def reach(seen_by: str, *, needs: bool = False) -> Step:
    """The step that asks how to reach whoever reports, and says who will see it."""
    fields: tuple[Field, ...] = (
        line("contact.name", "Your name"),
        line("contact.phone", "Phone number", required=False),
        line("contact.email", "Email address", required=False),
    )
    if needs:
        fields += (
            words(
                "contact.access_needs",
                "Is there anything we should know before we come?",
                "Such as a dog, a door that sticks, or that we should wait while you come to the door.",
                required=False,
            ),
        )
    return Step(
        title="How can we reach you?",
        lead=f"Who will see this: {seen_by}. Give a phone number or an email address.",
        fields=fields,
        one_of=("contact.phone", "contact.email"),
        missing="Give a phone number or an email address.",
    )
