"""The contact of a case: the person to tell and how, checked when it comes in and corrected later."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, TypeVar

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult
from pydantic import (
    AfterValidator,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from shared.cases.claims import check_claim_is_told
from shared.cases.columns import CaseColumns
from shared.cases.formats import Instant
from shared.cases.schemas import Channel, RequestModel, wrong_at
from shared.cases.times import occurred_at
from shared.cases.words import JOINED_LINES, LINES, ONE_LINE, Line, ShortLine
from shared.errors import Invalid
from shared.events import Event, Facts
from shared.text import compared
from shared.work import UnitOfWork

REGION = "GB"
DIALLED = re.compile(r"[+0-9()./\s\u2010-\u2015\u2212-]+((ext\.?|x|#) ?[0-9]+)?", re.IGNORECASE)
WAYS = ("email", "phone", "address")
NO_WAY = "give at least one of email, phone and address"
# A field of an old form had to be filled in with something: "n/a", "not known", "no fixed address".
NO_HOME = frozenset({"homeless", "of no fixed address", "of no fixed abode", "rough sleeper", "sofa surfing"})
"""Words in the place of an address, of people who can be written to at none."""

SAYING_NOTHING = frozenset(
    [
        *("n", "a", "na", "nil", "no", "none", "null", "not", "any", "known", "unknown", "given", "provided"),
        *(
            "applicable",
            "available",
            "address",
            "phone",
            "fixed",
            "abode",
            "tbc",
            "tba",
            "nfa",
            "x",
            "xx",
            "xxx",
        ),
    ]
)


def _email(given: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """The library's own words repeat what was sent, and it takes "Sam <sam@example.org>" for an address."""
    if isinstance(given, str) and "<" not in given:
        try:
            return validate(given)
        except ValidationError:
            pass
    raise ValueError("this is no email address")


Email = Annotated[EmailStr, ONE_LINE, WrapValidator(_email)]

Address = Annotated[str, StringConstraints(min_length=1, max_length=500), JOINED_LINES]
ClockTime = Annotated[str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
AccessNeeds = Annotated[str, StringConstraints(min_length=1, max_length=1000), LINES]


class Weekday(StrEnum):
    """A day of the week, in the order of Python's weekday()."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class SafeTimes(RequestModel):
    """Days, and the London time on them, at which it is safe to reach somebody."""

    model_config = ConfigDict(serialize_by_alias=True)

    days: list[Weekday] = Field(min_length=1, max_length=len(Weekday))
    from_: ClockTime = Field(alias="from")
    to: ClockTime

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> "SafeTimes":
        """A night is two entries: until midnight, and from it."""
        if self.to <= self.from_:
            raise wrong_at("/to", "this is before the beginning")
        return self


class ContactFields(RequestModel):
    """A person to tell, and how; without `safe_channels` and `safe_times` any channel and time is safe."""

    name: Line | None = None
    email: Email | None = None
    phone: Line | None = None
    address: Address | None = None
    preferred_channel: Channel | None = None
    safe_to_contact: bool = True
    safe_channels: Annotated[list[Channel], Field(min_length=1, max_length=len(Channel))] | None = None
    safe_times: Annotated[list[SafeTimes], Field(min_length=1, max_length=21)] | None = None
    access_needs: AccessNeeds | None = None
    language: ShortLine | None = None

    @cached_property
    def number(self) -> PhoneNumber | None:
        """The telephone number, parsed once; None for what cannot be one."""
        return _number(self.phone)

    def kept(self) -> dict[str, Any]:
        """The contact as it is stored."""
        return _kept(self.model_dump(mode="json"), self.number)


class Contact(ContactFields):
    """A person to tell, and how; at least one way to reach them."""

    @model_validator(mode="after")
    def can_be_reached(self) -> "Contact":
        """An acknowledgement must be able to go somewhere."""
        if not (self.email or self.phone or self.address):
            raise ValueError(NO_WAY)
        return self


class ContactCorrection(ContactFields):
    """A correction of a contact: a field that is left out stays as it is, one that is null goes."""

    occurred_at: Instant | None = None

    @model_validator(mode="after")
    def is_usable(self) -> "ContactCorrection":
        """Require a contact by which somebody can be reached; raises ValueError."""
        return _usable(self)


class ContactOut(ContactFields):
    """A contact as it is kept: the telephone number as it was typed, and in E.164 where it can be dialled."""

    phone_e164: str | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "ContactOut":
        """The contact as it was checked when it came in, and not once more for every reader."""
        preferred = stored.get("preferred_channel")
        known: dict[str, Any] = {"preferred_channel": Channel(preferred)} if preferred else {}
        if channels := stored.get("safe_channels"):
            known["safe_channels"] = [Channel(each) for each in channels]
        if times := stored.get("safe_times"):
            known["safe_times"] = [SafeTimes.of_parsed(each) for each in times]
        return cls.model_construct(**{**stored, **known})


AnyContact = TypeVar("AnyContact", bound=ContactFields)


def _usable(contact: AnyContact) -> AnyContact:
    """Take "n/a" for nothing given; raise for a telephone number that cannot be one."""
    for way, is_nothing in (("phone", is_placeholder), ("address", is_no_address)):
        said = getattr(contact, way)
        if said is not None and is_nothing(said):
            setattr(contact, way, None)
    if contact.phone is not None and contact.number is None:
        raise wrong_at("/phone", "this is no telephone number; give one number, and nothing else")
    return contact


def _usable_unless_imported(contact: Contact, info: ValidationInfo) -> Contact:
    if info.data.get("imported"):
        return contact
    contact = _usable(contact)
    if not any(getattr(contact, way) for way in WAYS):
        emptied = "phone" if "phone" in contact.model_fields_set else "address"
        raise wrong_at(f"/{emptied}", f"this reaches nobody; {NO_WAY}")
    return contact


ReportedContact = Annotated[Contact, AfterValidator(_usable_unless_imported)]
"""The contact in a report; after a field `imported` that is true it is kept as the old system had it."""


def is_placeholder(text: str) -> bool:
    """Tell whether a text only fills a field that somebody had to fill in."""
    letters = (each if each.isalnum() else " " for each in compared(text))
    return SAYING_NOTHING.issuperset("".join(letters).split())


def is_no_address(text: str) -> bool:
    """Tell whether a text can be no postal address: it says nothing or of no home, or has no letter in it."""
    return is_placeholder(text) or compared(text) in NO_HOME or not any(each.isalpha() for each in text)


def _number(phone: str | None) -> PhoneNumber | None:
    """The telephone number, None for what cannot be one.

    Possible, not valid: numbers set aside for drama and tests are refused by the stricter question.
    """
    # the parser looks for a number among words, and in other scripts
    if phone is None or DIALLED.fullmatch(phone) is None:
        return None
    try:
        number = phonenumbers.parse(phone, REGION)
    except NumberParseException:
        return None
    is_possible = phonenumbers.is_possible_number(number) and number.national_number
    return number if is_possible else None


def e164(phone: str | None) -> str | None:
    """A telephone number as it is dialled from anywhere; None for one without its area, and for no number."""
    return _dialled(_number(phone))


def _dialled(number: PhoneNumber | None) -> str | None:
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def as_kept(contact: Mapping[str, Any]) -> dict[str, Any]:
    """A contact as it is stored: without what is not known, and with the number in E.164."""
    return _kept(contact, _number(contact.get("phone")))


def _kept(contact: Mapping[str, Any], number: PhoneNumber | None) -> dict[str, Any]:
    known = {**contact, "phone_e164": _dialled(number)}
    return {name: said for name, said in known.items() if said is not None}


def unless_corrected(
    known: Mapping[str, Any], told: ContactFields, *, at_first: Mapping[str, Any]
) -> dict[str, Any]:
    """The contact that another service tells, unless what the case had `at_first` was corrected meanwhile."""
    return told.kept() if known == at_first else {**known}


async def correct(work: UnitOfWork, case: CaseColumns, body: ContactCorrection, fact: Facts) -> Event | None:
    """Correct the contact of a case whose row is locked; `fact` tells of it, and of nobody in it.

    Returns the event, or None if all of it was known so. A field that is not given stays: whoever corrects a
    telephone number must not make it safe to write to a victim. Raises Invalid for a time before the case or
    in the future, and for somebody who is safe to write to and whom nothing would reach any more;
    MoveNotAllowed for another way to reach a resident who has just claimed the case.
    """
    at = await occurred_at(work, case, body)
    given = body.model_dump(mode="json", exclude_unset=True, exclude={"occurred_at"})
    known: dict[str, Any] = work.opened(case).contact
    corrected = as_kept({**known, **given})
    if corrected.get("safe_to_contact", True) and not any(corrected.get(way) for way in WAYS):
        raise Invalid(NO_WAY.capitalize() + ".")
    if any(corrected.get(way) != known.get(way) for way in (*WAYS, "preferred_channel")):
        await check_claim_is_told(work, case)
    if corrected == known:
        return None
    work.assign(case, contact=corrected)
    return work.record(case, fact, at=at)
