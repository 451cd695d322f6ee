"""Messages as data: one TOML file a service, a row for each thing that somebody is told.

A row is about an event (`on` is its type, `when` the values that some of its facts must have) or about a
deadline (`on` is a kind of notice). Its `paragraph` is a Jinja template; lists and longer texts are files in
a folder beside it. Every row may use `reference`, `handler`, `council`, `case` (its summary, by its owner),
`reach` (how to reach the service, none where no standards file says so), `facts` (each fact of the event,
none where it was not given) and `occurred_at`, `lists` and the functions of wording.py.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from jinja2 import TemplateError
from pydantic import BeforeValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from services.notifications.notices import languages
from services.notifications.notices.channels import Form
from services.notifications.notices.languages import ENGLISH
from services.notifications.notices.templates import Said, Templates, tidy
from services.notifications.policy import Kind, Urgency
from shared.directory import DIRECTORY, Directory
from shared.events import Event
from shared.standards.rows import Condition, Facts

EVERY = "*"
"""The service in the type of an event that every service has."""

FOLDER = Path(__file__).with_name("messages")
OneOfTheCase = Literal["resident", "applicant", "department", "handler", "manager"]
OtherDepartment = Annotated[str, StringConstraints(pattern="^[a-z]+ department$")]
Audience = OneOfTheCase | OtherDepartment
"""Somebody whom the case concerns, or a department whose case it is not, as in `legal department`."""


class BadMessage(ValueError):
    """A message that cannot be said; says which file, which row, and why."""

    def __init__(self, file: str, row: str, reason: object) -> None:
        super().__init__(f"{file}: {row}: {reason}")


def _urgency(word: object) -> Urgency:
    named = {urgency.name.lower(): urgency for urgency in Urgency}
    if word not in named:
        raise ValueError(f"an urgency is one of {', '.join(named)}")
    return named[str(word)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One row: to whom a thing is told, how urgently, by which channel and in which words.

    `needs` are the facts without which it cannot be said. One that is told only `while_open` is withdrawn
    once nothing of what its event began is still to be done; where it names `clocks`, once those standards
    are met or taken back, and whoever was told before is told to stand down. One that is told `once` is not
    told again when its event comes again. Only one that `tells_dates` has the `lines` of the promises still
    to be kept: those dates are what its reader knows from then on. The letter of one that is `kept_by_owner`
    was written by the case's owner when it happened: it is fetched, and leaves alone. One `of_imported` goes
    out about cases brought over from an old system, too, and to staff alone: it is about what is done now.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    on: str
    audiences: tuple[Audience, ...]
    urgency: Annotated[Urgency, BeforeValidator(_urgency)]
    subject: str = ""
    paragraph: str = ""
    when: Facts = field(default_factory=dict)
    kind: str = ""
    needs: tuple[str, ...] = ()
    channels: tuple[Form, ...] = tuple(Form)
    while_open: bool = False
    clocks: tuple[str, ...] = ()
    once: bool = False
    tells_dates: bool = False
    kept_by_owner: bool = False
    of_imported: bool = False
    # its place among all rows, set when every file is read
    position: int = 0

    @property
    def id(self) -> str:
        """Its name, of which there is one: what it is about, the facts that it asks for, and who reads it."""
        asked = [f"{fact}-{value}" for fact, values in self.when.items() for value in values]
        named = [self.on, self.kind, *asked, "-".join(self.audiences)]
        return ".".join(filter(None, named)).replace(" ", "-").replace("_", "-").lower()

    @property
    def is_about_a_deadline(self) -> bool:
        """Tell rows about deadlines from those about events."""
        return self.on in set(Kind)

    def of_every(self, services: Iterable[str]) -> "Iterable[Message]":
        """The row itself, or where it is about an event of every service, a row for each of these."""
        service, _, name = self.on.partition(".")
        return [replace(self, on=f"{each}.{name}") for each in services] if service == EVERY else [self]

    def is_told_of(self, event: Event) -> bool:
        """Tell an event that it is about."""
        return Condition(event=self.on, when=self.when).holds_for(event)

    def __str__(self) -> str:
        return f"{self.on} to {', '.join(self.audiences)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right that a missed promise gives, and the file that says so to whom it was promised."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    given_by: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = ConfigDict(extra="forbid")

    message: tuple[Message, ...] = ()
    right: tuple[Right, ...] = ()


_FILE = TypeAdapter(_File)


class Messages:
    """All rows of these files, in order; raises BadMessage. `check.py` renders each of them.

    A row about an event of every service, such as `*.case-claimed`, stands for one row for each of `owners`.
    """

    def __init__(self, files: Sequence[Path], owners: Iterable[str] = ()) -> None:
        read = {file: _read(file) for file in files}
        self.rights = {right.given_by: right.says for file in read.values() for right in file.right}
        lists = {name: words for file in files for name, words in _lists_beside(file).items()}
        for language, path in languages.translation_files(files):
            lists[language] = {**lists.get(language, {}), **_lists_beside(path)}
        self._templates = Templates([FOLDER, *dict.fromkeys(file.parent for file in files)], lists)
        names = tuple(owners)
        rows = [
            (file.name, each)
            for file, content in read.items()
            for row in content.message
            for each in row.of_every(names)
        ]
        self.rows = tuple(replace(row, position=position) for position, (_, row) in enumerate(rows))
        self.files = tuple(file for file, _ in rows)
        self._by_subject: defaultdict[str, list[Message]] = defaultdict(list)
        for row in self.rows:
            self._by_subject[row.on].append(row)
        self.by_id = self._by_id()
        self._english = [self._compiled(file, row, row.subject, row.paragraph) for file, row in rows]
        self._other = self._translated(files)

    def _compiled(self, file: str, row: Message, subject: str, paragraph: str) -> Said:
        try:
            return self._templates.said(subject, paragraph)
        except TemplateError as wrong:
            raise BadMessage(file, str(row), wrong) from wrong

    def _by_id(self) -> Mapping[str, Message]:
        found: dict[str, Message] = {}
        for row in self.rows:
            if row.id in found:
                raise BadMessage(self.files[row.position], str(row), f"there are two messages {row.id}")
            found[row.id] = row
        return found

    def _translated(self, files: Sequence[Path]) -> Mapping[tuple[str, str], Said]:
        found: dict[tuple[str, str], Said] = {}
        for language, path in languages.translation_files(files):
            file = f"{language}/{path.name}"
            try:
                rows = languages.read(path, self.by_id)
            except ValueError as wrong:
                raise BadMessage(file, "the whole file", wrong) from wrong
            for row in rows:
                said = self._compiled(file, self.by_id[row.id], row.subject, row.paragraph)
                found[row.id, language] = said
        return found

    def announcing(self, event: Event) -> list[Message]:
        """The rows by which somebody is told of an event as soon as it is received."""
        return [row for row in self._by_subject.get(event.type, ()) if row.is_told_of(event)]

    @property
    def clocks(self) -> frozenset[str]:
        """The standards by which messages about events are true."""
        return frozenset(standard for row in self.rows for standard in row.clocks)

    @property
    def rings(self) -> frozenset[str]:
        """The kinds of the messages that are stood down from."""
        return frozenset(row.kind for row in self.rows if row.clocks)

    @property
    def told_once(self) -> frozenset[str]:
        """The kinds of the messages that are told once a case."""
        return frozenset(row.kind for row in self.rows if row.once)

    def rung_by(self, event: Event, audience: str) -> Message:
        """The row by which that audience was rung about an event; raises LookupError."""
        return self._one(row for row in self.announcing(event) if row.clocks and audience in row.audiences)

    def about_event(self, event: Event, kind: str, audience: str) -> Message:
        """The row of a notice about an event; raises LookupError."""
        return self._one(
            row for row in self.announcing(event) if row.kind == kind and audience in row.audiences
        )

    def about_deadline(self, kind: str, audience: str) -> Message:
        """The row of a notice about a deadline; raises LookupError."""
        return self._one(row for row in self._by_subject.get(kind, ()) if audience in row.audiences)

    @staticmethod
    def _one(rows: Iterable[Message]) -> Message:
        for row in rows:
            return row
        raise LookupError("no message says this")

    def said(self, row: Message, language: str = ENGLISH) -> Said:
        """A row in a language, in English where it is not said in that."""
        return self._other.get((row.id, language)) or self._english[row.position]

    def languages_of(self, row: Message) -> Sequence[str]:
        """The languages in which a row can be said, English first."""
        return [ENGLISH, *sorted(language for id, language in self._other if id == row.id)]

    def common_language(self, wanted: str | None, rows: Iterable[Message]) -> str:
        """The wanted language if each of these can be said in it, else English: no letter mixes two."""
        each = {wanted in self.languages_of(row) for row in rows}
        return wanted if wanted is not None and each == {True} else ENGLISH

    def paragraph(self, row: Message, context: Mapping[str, Any], language: str = ENGLISH) -> str:
        """A row's paragraph, without blank lines around it; raises TemplateError."""
        return tidy(self.said(row, language).paragraph.render(context))

    def right(self, standard: str) -> str | None:
        """The words about the right that a missed promise gives, if it gives one."""
        says = self.rights.get(standard)
        return self._templates.file(says) if says else None

    def framed(self, name: str, context: Mapping[str, Any], language: str = ENGLISH) -> tuple[str, str]:
        """A letter's subject and its text: the paragraphs in their frame; raises TemplateError."""
        return self._templates.framed(name, context, language)


@cache
def messages_of(directory: Directory) -> Messages:
    """The messages of the product and those that a directory adds, read once; raises BadMessage."""
    return Messages([*sorted(FOLDER.glob("*.toml")), *directory.messages], directory.owners)


def bundled() -> Messages:
    """The messages that ship with the product."""
    return messages_of(DIRECTORY)


def _lists_beside(file: Path) -> dict[str, Any]:
    """The lists in the folder of a file's own name, by their names."""
    found = sorted(file.with_suffix("").glob("*.toml"))
    return {each.stem: tomllib.loads(each.read_text(encoding="utf-8")) for each in found}


def _read(file: Path) -> _File:
    try:
        return _FILE.validate_python(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        raise BadMessage(file.name, " ".join(map(str, fault["loc"])), fault["msg"]) from wrong
    except (OSError, ValueError, TemplateError) as wrong:
        raise BadMessage(file.name, "the whole file", wrong) from wrong
