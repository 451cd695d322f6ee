"""The letters of a complaint: rendered once, as text and as HTML, and sent exactly so.

A letter is a TOML file of sections, each with a heading and a Jinja template of plain text. Values are data:
in the text they stand as they were typed, in the HTML every character of them is escaped. A section that is a
`part` of what the Code asks for may not come out empty; one `asked_by` one ombudsman alone may, under the
other's Code.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydantic import ConfigDict, TypeAdapter

from shared.standards.ombudsmen import Ombudsman
from shared.standards.periods import civil_date

FOLDER = Path(__file__).parent
LARGE = "<style>body { font: 18pt/1.5 Arial, sans-serif; text-align: left }</style>"
"""The style of large print; from 16 to 18 points is what clear print guidance asks for."""


class LetterKind(StrEnum):
    """The letters that complainants are sent, by their path."""

    ACKNOWLEDGEMENT = "acknowledgement"
    EXTENSION = "extension"
    STAGE_1 = "stage-1"
    STAGE_2 = "stage-2"
    REFUSAL = "refusal"
    REMEDY_FAILED = "remedy-failed"
    UPDATE = "update"


class MissingParts(ValueError):
    """Parts that the Code asks for, and of which a letter would say nothing."""

    def __init__(self, parts: list[str]) -> None:
        super().__init__(f"the letter would lack: {', '.join(parts)}")
        self.parts = parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A paragraph or several, beneath a heading; `part` names what the Code wants to be said there."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    text: str
    heading: str = ""
    part: str = ""
    asked_by: Ombudsman | None = None

    def is_owed(self, code: str) -> bool:
        """Tell whether that Code wants something to be said here."""
        return bool(self.part) and self.asked_by in (None, code)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFile:
    """One letter, as its file has it."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    subject: str
    section: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as it is sent."""

    subject: str
    text: str
    html: str


def on_day(moment: date | datetime) -> str:
    """A day as one says it: "Monday 5 January 2026"; of an instant, the day in London."""
    day = civil_date(moment) if isinstance(moment, datetime) else moment
    return f"{day:%A} {day.day} {day:%B %Y}"


def pounds(amount: Decimal) -> str:
    """A sum as one writes it: "£1,250.00"."""
    return f"£{amount:,.2f}"


_FILE = TypeAdapter(LetterFile)
_templates = Environment(
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # of plain text; the HTML is escaped whole, by `_html`
    loader=FileSystemLoader(FOLDER),
)
_templates.filters |= {"day": on_day, "pounds": pounds}


def _compiled(kind: LetterKind) -> tuple[LetterFile, Template, list[Template]]:
    file = _FILE.validate_python(tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8")))
    texts = [_templates.from_string(section.text) for section in file.section]
    return file, _templates.from_string(file.subject), texts


_LETTERS = {kind: _compiled(kind) for kind in LetterKind}


def render(kind: LetterKind, values: Mapping[str, Any], *, large_print: bool = False) -> Rendered:
    """A letter with these values; raises MissingParts, with the names of all that are missing."""
    file, subject, texts = _LETTERS[kind]
    said = [(section, _tidy(text.render(values))) for section, text in zip(file.section, texts, strict=True)]
    if missing := [section.part for section, text in said if section.is_owed(values["code"]) and not text]:
        raise MissingParts(missing)
    sections = [(section.heading, text) for section, text in said if text]
    title = subject.render(values).strip()
    return Rendered(title, _text(sections), _html(title, sections, LARGE if large_print else ""))


def _text(sections: list[tuple[str, str]]) -> str:
    return "\n\n".join(f"{heading.upper()}\n\n{text}" if heading else text for heading, text in sections)


def _html(title: str, sections: list[tuple[str, str]], style: str) -> str:
    body = "\n".join(
        (f"<h2>{escape(heading)}</h2>\n" if heading else "") + _paragraphs(text) for heading, text in sections
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{style}</head>\n<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _paragraphs(text: str) -> str:
    return "\n".join(
        f"<p>{'<br>'.join(escape(part).splitlines())}</p>" for part in text.split("\n\n") if part
    )


def _tidy(text: str) -> str:
    """The text without blank lines around it, and with no two of them together."""
    kept: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept)
