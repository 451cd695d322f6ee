"""Parts of forms that several services have: whom to tell, who deals with it, and a reason."""

from collections.abc import Mapping
from typing import Any

from services.board.acts.forms import (
    Choices,
    Field,
    Form,
    checks,
    choice,
    day,
    instant,
    line,
    words,
    yes_no,
)

CHANNELS: Choices = {
    "online": "Online",
    "email": "Email",
    "letter": "Letter",
    "phone": "Phone",
    "in_person": "In person",
    "mobile": "Text message",
    "contractor": "Through the contractor",
    "officer": "Through an officer",
}
DEPARTMENTS: Choices = {
    "repairs": "Repairs",
    "residents": "Residents",
    "complaints": "Complaints",
    "asb": "Anti-social behaviour",
    "estates": "Estates",
    "enquiries": "Enquiries",
}
DAYS: Choices = {
    name.lower(): name
    for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
}

REASON = words("reason", "Why?", "It is kept with the case.")
MAYBE_WHY = words("reason", "Why? (optional)", required=False)
NOTES = words("notes", "Notes (optional)", required=False)
IDENTIFICATION = yes_no("identification_shown", "Was identification shown?", required=False)
WHO = line("handler", "Who deals with it?", "The officer's name.")


def contact(prefix: str = "") -> tuple[Field, ...]:
    """The fields of a contact, of which each is optional."""
    return (
        line(f"{prefix}name", "Name", required=False),
        line(f"{prefix}email", "Email address", required=False),
        line(f"{prefix}phone", "Telephone number", required=False),
        words(f"{prefix}address", "Postal address", required=False),
        choice(f"{prefix}preferred_channel", "How do they like to hear from us?", CHANNELS, required=False),
        yes_no(
            f"{prefix}safe_to_contact", "Is it safe to contact them?", "It counts at once.", required=False
        ),
        checks(f"{prefix}safe_channels", "Safe ways to reach them", CHANNELS, required=False),
        checks(f"{prefix}safe_times.0.days", "Safe days", DAYS, required=False),
        line(f"{prefix}safe_times.0.from", "Safe from", "As in 10:00", required=False),
        line(f"{prefix}safe_times.0.to", "Safe until", "As in 14:00", required=False),
        words(f"{prefix}access_needs", "Access needs", required=False),
        line(f"{prefix}language", "Language", required=False),
    )


ASSIGNMENT = Form(act="assignment", button="Give to an officer", done="An officer has it now.", fields=(WHO,))


def to_be_done(listed: str, label: str, by: str) -> tuple[Field, ...]:
    """The fields of things that are still to be done, each by a day, and by whom."""
    return (
        words(f"{listed}.0.description", label, required=False),
        day(f"{listed}.0.by", by, required=False),
        line(f"{listed}.0.owner", "Who does it?", required=False),
    )


CONTACT = Form(
    act="contact",
    button="Correct the contact",
    done="The contact is corrected.",
    follows="Only what you fill in is changed. Letters that are still owed go by it.",
    fields=contact(),
    filled={name: f"contact.{name}" for name in ("safe_channels", "safe_times")},
)

HOME: tuple[Field, ...] = (
    line("property.address", "Address"),
    line("property.postcode", "Postcode"),
    line("property.uprn", "UPRN (optional)", required=False),
    line("property.property_reference", "Property reference (optional)", required=False),
)

MEETING = instant("at", "When?", "The time that was agreed.")

UNCHANGED = "Nothing was changed: all of it was so already."


def is_unchanged(act: str, etag: str, case: Mapping[str, Any]) -> bool:
    """Tell if a correction left the case as it was, which the API takes without a word."""
    return act == CONTACT.act and etag.strip('"') == str(case.get("version"))
