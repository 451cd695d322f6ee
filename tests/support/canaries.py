"""Canaries: names, words and addresses that exist nowhere else, sent in and looked for in every place."""

import re
import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.services.strict.schemas import Schema, Walk

MARK = "quex"
FORM = re.compile(rf"{MARK}[a-z]{{10}}")
POSTCODE = re.compile(r"\bZE([0-9]{1,2}) ?([0-9][A-Z]{2})\b", re.IGNORECASE)
PHONE = re.compile(r"(?:\+44|0)[ 0-9]{9,13}")
HEX = re.compile(r"(?:\\x)?((?:[0-9a-f]{2}){8,})")
# what a service needs as it is: who may see a case is decided by them
IDENTITIES = frozenset(
    {"members", "subject", "handler", "department", "body", "firm", "surname", "resident", "contractor"}
)


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(count))


@dataclass
class Canaries:
    """Every canary that was sent, in the form in which it is looked for, and where it was sent."""

    sent: dict[str, str] = field(default_factory=dict)

    def word(self, where: str) -> str:
        """A word that nobody has ever said."""
        return self._sent(MARK + _letters(10), where)

    def name(self, where: str) -> str:
        """A first name and a surname."""
        return f"{self.word(where).capitalize()} {self.word(where).capitalize()}"

    def email(self, where: str) -> str:
        """An address of nobody's."""
        return f"{self.word(where)}@example.org"

    def phone(self, where: str) -> str:
        """A number of those that Ofcom has set aside for drama."""
        digits = "".join(secrets.choice(string.digits) for _ in range(6))
        return self._sent(f"01632{digits}", where).replace("01632", "01632 ")

    def postcode(self, where: str) -> str:
        """A postcode of Shetland, of which no test knows a home."""
        area, sector = secrets.randbelow(90) + 10, secrets.randbelow(10)
        kept = self._sent(f"ZE{area}{sector}{_letters(2).upper()}", where)
        return f"{kept[:-3]} {kept[-3:]}"

    def _sent(self, kept: str, where: str) -> str:
        self.sent[kept] = where
        return kept

    def found_in(self, text: str) -> set[str]:
        """The canaries in a text, however they are written there, also as the hexadecimals of bytes."""
        found = set(_forms(text))
        for digits in HEX.findall(text):
            found |= set(_forms(bytes.fromhex(digits).decode("latin-1")))
        return found & self.sent.keys()


def _forms(text: str) -> Iterator[str]:
    yield from FORM.findall(text.lower())
    for outward, inward in POSTCODE.findall(text):
        yield f"ZE{outward}{inward}".upper()
    for number in PHONE.findall(text):
        digits = re.sub("[^0-9]", "", number)
        yield f"0{digits.removeprefix('44').removeprefix('0')}"


def with_canaries(walk: Walk, schema: Schema, body: Any, canaries: Canaries, where: str) -> Any:
    """A valid body with a canary wherever somebody may write what they like."""
    for form in walk.forms(schema):
        if isinstance(body, Mapping) and "properties" in form:
            known = form["properties"]
            return {
                name: said
                if name in IDENTITIES
                else _field(walk, known.get(name, {}), said, canaries, f"{where} /{name}", name)
                for name, said in body.items()
            }
        if isinstance(body, list) and "items" in form:
            return [with_canaries(walk, form["items"], each, canaries, where) for each in body]
    return _text(walk.forms(schema), body, canaries, where, "")


def _field(walk: Walk, schema: Schema, said: Any, canaries: Canaries, where: str, name: str) -> Any:
    if isinstance(said, str):
        return _text(walk.forms(schema), said, canaries, where, name)
    return with_canaries(walk, schema, said, canaries, where)


def _text(forms: list[Schema], said: Any, canaries: Canaries, where: str, name: str) -> Any:
    """A canary in the place of a text that has no form of its own."""
    free = [form for form in forms if form.get("type") == "string" and not {"enum", "const"} & form.keys()]
    if not isinstance(said, str) or not free:
        return said
    match name:
        case "email":
            return canaries.email(where)
        case "phone":
            return canaries.phone(where)
        case "postcode":
            return canaries.postcode(where)
        case "name":
            return canaries.name(where)
    if any({"format", "pattern"} & form.keys() for form in free):
        return said
    return f"{said} {canaries.word(where)}"
