"""Templates of messages: sandboxed, strict about what is not there, and known by a digest of their words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, meta
from jinja2.sandbox import SandboxedEnvironment

from services.notifications.notices.languages import ENGLISH
from services.notifications.notices.wording import by, capital, pounds, spoken, window

VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Said:
    """A message in one language: its words, and their version, which is a digest of them."""

    subject: str
    paragraph: Template
    version: str


class Templates:
    """The templates in some folders, which may use the `lists`, and the functions of wording.py."""

    def __init__(self, folders: Sequence[Path], lists: Mapping[str, Any]) -> None:
        self._lists = lists
        self._loader = FileSystemLoader(folders)
        self._environment = SandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=self._loader
        )
        self._environment.filters |= {"spoken": spoken, "by": by, "pounds": pounds, "capital": capital}
        self._environment.globals |= {"window": window, "lists": lists}

    def said(self, subject: str, paragraph: str) -> Said:
        """A message of these words; raises TemplateError."""
        return Said(subject, self._environment.from_string(paragraph), self._version(subject, paragraph))

    def file(self, name: str) -> str:
        """A whole file, rendered; raises TemplateError."""
        return tidy(self._environment.get_template(name).render())

    def framed(self, name: str, context: Mapping[str, Any], language: str = ENGLISH) -> tuple[str, str]:
        """A letter's subject, with which its frame begins, and its text: the paragraphs in their frame."""
        frame = self._environment.select_template([f"{language}/frames/{name}.txt", f"frames/{name}.txt"])
        subject, _, text = tidy(frame.render(context)).partition("\n\n")
        return subject, text

    def _version(self, subject: str, paragraph: str) -> str:
        """A digest of all that a message is said with: its text, and the files and lists that this uses."""
        used = filter(None, meta.find_referenced_templates(self._environment.parse(paragraph)))
        files = [self._loader.get_source(self._environment, name)[0] for name in sorted(used)]
        named = _named(r"\blists\.(\w+)", "\n".join([paragraph, *files]))
        lists = (f"{name}: {self._lists.get(name)}" for name in named)
        whole = "\0".join([subject, paragraph, *files, *lists])
        return sha256(whole.encode()).hexdigest()[:VERSION_LENGTH]


def _named(pattern: str, text: str) -> Iterable[str]:
    return sorted({*re.findall(pattern, text)})


def tidy(text: str) -> str:
    """The text without blank lines around it, and with no two of them together."""
    kept: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept)
