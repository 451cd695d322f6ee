"""Letters as PDF files for the post, tagged for screen readers (PDF/UA-1), by Typst where it is installed.

Typst is an extra (requirements-letters.in): a house that sends no PDF does without its 34 MB.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from services.notifications.notices.channels import Letter, Recipient
from services.notifications.notices.postal import postal_lines

TEMPLATE = Path(__file__).with_name("letter.typ")
STANDARD = "ua-1"
POINTS, LARGE_POINTS = 12, 18
"""The size of letters, and of those in large print: what sight-loss charities ask for, 16 or more."""

TYPST = "typst"


class PrintingUnavailable(RuntimeError):
    """Typst is not installed, so that no letter can be made a PDF file."""

    def __init__(self) -> None:
        super().__init__("PDF letters need Typst: pip install --require-hashes -r requirements-letters.txt")


def check_available() -> None:
    """Raise PrintingUnavailable where no letter can be made a PDF file."""
    if find_spec(TYPST) is None:
        raise PrintingUnavailable


def for_the_post(letter: Letter, to: Recipient, council: str) -> bytes | None:
    """A letter as a PDF file; None where it does not go to an address that can be posted to."""
    lines = postal_lines(to.address, to.name) if to.address and not to.email else None
    if lines is None:
        return None
    return pdf_of(letter, lines, council=council, large=letter.large_print)


def pdf_of(letter: Letter, address: Sequence[str], *, council: str, large: bool = False) -> bytes:
    """A letter as a PDF file, to be posted to these lines; raises PrintingUnavailable."""
    check_available()
    said = {
        "subject": letter.subject,
        "council": council,
        "language": letter.language,
        "points": LARGE_POINTS if large else POINTS,
        "address": [*address],
        "paragraphs": [
            paragraph.splitlines() for paragraph in letter.text.split("\n\n") if paragraph.strip()
        ],
    }
    inputs = {"letter": orjson.dumps(said).decode()}
    typst: Any = import_module(TYPST)  # not before a letter is printed: it takes 84 MB of addresses
    content: bytes = typst.compile(TEMPLATE, sys_inputs=inputs, pdf_standards=STANDARD, format="pdf")
    return content
