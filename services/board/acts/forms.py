"""Forms: a form is one act, a field one value of its body; both are data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Choices = Mapping[str, str]


class Kind(StrEnum):
    """The ways in which a value is asked for, and read."""

    LINE = "line"
    WORDS = "words"
    LINES = "lines"
    CHOICE = "choice"
    CHECKS = "checks"
    YES_NO = "yes_no"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an act's body; a dot in its name leads into an object, a number into a list.

    `in_path`: it stands in the act's path instead, in the place of its name.
    """

    name: str
    label: str
    kind: Kind
    required: bool = True
    hint: str = ""
    choices: Choices = field(default_factory=dict)
    in_path: bool = False

    @property
    def is_of_item(self) -> bool:
        """Tell whether it is a part of an item of a list, which can be left out again."""
        return any(part.isdecimal() for part in self.name.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One act: `act` as the API names it, the words of its button, and what is said once it is done.

    `follows` is what a person should know before they press. `dated`: it may have happened earlier.
    `left_out` are values of the API that no officer gives on a page, each with the reason. `emptied` are
    lists in the place of those that were kept: none given is an empty list. `filled` are the fields that a
    form is filled in with, each with the name that the case has for it.
    """

    act: str
    button: str
    done: str
    fields: tuple[Field, ...] = ()
    follows: str = ""
    dated: bool = True
    left_out: Mapping[str, str] = field(default_factory=dict)
    emptied: tuple[str, ...] = ()
    filled: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The act as it stands in the address of its page."""
        return self.act.replace("{", "").replace("}", "")


Forms = Mapping[str, Form]


def forms(*each: Form) -> Forms:
    """The forms of one kind of case, by their acts."""
    return {form.act: form for form in each}


def line(name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    """A text of one line."""
    return Field(name, label, Kind.LINE, required, hint)


def words(name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    """A text of several lines."""
    return Field(name, label, Kind.WORDS, required, hint)


def lines(name: str, label: str, hint: str = "One on each line.", *, required: bool = True) -> Field:
    """A list of texts."""
    return Field(name, label, Kind.LINES, required, hint)


def choice(name: str, label: str, choices: Choices, hint: str = "", *, required: bool = True) -> Field:
    """One of several values, each with its words."""
    return Field(name, label, Kind.CHOICE, required, hint, choices)


def checks(name: str, label: str, choices: Choices, hint: str = "", *, required: bool = True) -> Field:
    """Any of several values, each with its words."""
    return Field(name, label, Kind.CHECKS, required, hint, choices)


def yes_no(name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    """True or false."""
    return Field(name, label, Kind.YES_NO, required, hint)


def number(name: str, label: str, hint: str = "", *, required: bool = True, in_path: bool = False) -> Field:
    """A whole number."""
    return Field(name, label, Kind.NUMBER, required, hint, in_path=in_path)


def money(name: str, label: str, hint: str = "In pounds, such as 120.00", *, required: bool = True) -> Field:
    """A sum in pounds."""
    return Field(name, label, Kind.MONEY, required, hint)


def day(name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    """A date."""
    return Field(name, label, Kind.DAY, required, hint)


def instant(name: str, label: str, hint: str = "", *, required: bool = True) -> Field:
    """A date and a time of day."""
    return Field(name, label, Kind.INSTANT, required, hint)
