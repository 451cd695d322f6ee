"""Languages of messages: further files beside those in English, by the ids of the messages they say.

`messages/<code>/<service>.toml` has `[[message]]` rows with `id`, `subject` and `paragraph`; frames of that
language are in `messages/<code>/frames/`, its lists (`lists.<code>.<name>`) and longer texts in
`messages/<code>/<service>/`. Whatever is not there is said in English.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

from shared.text import compared

ENGLISH = "en"
CODE = re.compile("[a-z]{2}")

# ISO 639-1, by the names that people give in English; a contact may also have the code itself.
CODES: Mapping[str, str] = {
    **{"english": "en", "eng": "en", "welsh": "cy", "cymraeg": "cy"},
    **{"albanian": "sq", "arabic": "ar", "bengali": "bn", "bulgarian": "bg", "cantonese": "zh"},
    **{"chinese": "zh", "dari": "fa", "dutch": "nl", "farsi": "fa", "french": "fr", "german": "de"},
    **{"greek": "el", "gujarati": "gu", "hindi": "hi", "hungarian": "hu", "italian": "it"},
    **{"lithuanian": "lt", "mandarin": "zh", "pashto": "ps", "persian": "fa", "polish": "pl"},
    **{"portuguese": "pt", "punjabi": "pa", "romanian": "ro", "russian": "ru", "somali": "so"},
    **{"spanish": "es", "tamil": "ta", "turkish": "tr", "ukrainian": "uk", "urdu": "ur"},
    **{"vietnamese": "vi", "yoruba": "yo"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The words of a message in another language; a fact, a date or a promise in it stays as it is."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    subject: str
    paragraph: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = ConfigDict(extra="forbid")

    message: tuple[Translation, ...] = ()


_FILE = TypeAdapter(_File)


def code_of(language: str | None) -> str | None:
    """The code of a language as a contact names it: "Polish", "pl" or "pl-PL"; English where none is named.

    None for one that is not known.
    """
    words = compared(language or ENGLISH).split()
    if not words:
        return ENGLISH
    return CODES.get(words[0]) or (words[0] if CODE.fullmatch(words[0]) else None)


def translation_files(files: Iterable[Path]) -> Sequence[tuple[str, Path]]:
    """The files in other languages that stand in folders beside these, each with its language."""
    return [
        (folder.name, folder / file.name)
        for file in files
        for folder in sorted(file.parent.iterdir())
        if CODE.fullmatch(folder.name) and (folder / file.name).is_file()
    ]


def read(path: Path, known: Collection[str]) -> Sequence[Translation]:
    """The rows of a file; raises ValueError for one of a message that there is not."""
    rows = _FILE.validate_python(tomllib.loads(path.read_text(encoding="utf-8"))).message
    for row in rows:
        if row.id not in known:
            raise ValueError(f"there is no message {row.id}")
    return rows
