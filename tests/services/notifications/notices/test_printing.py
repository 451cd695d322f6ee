"""Letters as PDF files: tagged for screen readers, and nothing that anybody typed is markup."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from services.notifications.notices import printing
from services.notifications.notices.channels import Letter
from services.notifications.notices.printing import LARGE_POINTS, POINTS, PrintingUnavailable, pdf_of

ADDRESS = ("Sam Jones", "1 High Street", "RM1 1AA")
HOSTILE = """# Heading
*bold* [Pay your rent](http://evil.example) <script>alert(1)</script>

ends with
---

#let money = 1 \\ $ _ @label Zoë Ŵyn"""


def printed(letter: Letter, *, large: bool = False) -> PdfReader:
    content = pdf_of(letter, ADDRESS, council="Havering Council", large=large)
    return PdfReader(io.BytesIO(content))


def text_of(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_letter_is_tagged_for_screen_readers(language: str) -> None:
    """PDF/UA: its language and title are said, its subject is a heading, and each paragraph is one."""
    text = "Thank you for telling us.\n\nWe will mend it."
    pdf = printed(Letter("We have your report", text, language=language))
    catalog: Any = pdf.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == language
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "We have your report"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()
    tags = [kid.get_object()["/S"] for kid in catalog["/StructTreeRoot"]["/K"][0]["/K"]]
    assert tags.count("/H1") == 1
    assert tags.count("/P") >= 2


def test_what_people_typed_is_shown_as_they_typed_it() -> None:
    """No link, no heading, no rule: a council's letter is nobody's phishing mail."""
    pdf = printed(Letter("Answer to [you](http://evil.example)", HOSTILE))
    said = text_of(pdf)
    for line in (*HOSTILE.splitlines(), "Answer to [you](http://evil.example)", *ADDRESS):
        assert line in said
    assert all("/Annots" not in page for page in pdf.pages)
    catalog: Any = pdf.trailer["/Root"]
    tags = [kid.get_object()["/S"] for kid in catalog["/StructTreeRoot"]["/K"][0]["/K"]]
    assert tags.count("/H1") == 1


@pytest.mark.parametrize(("large", "points"), [(False, POINTS), (True, LARGE_POINTS)])
def test_large_print_is_as_large_as_it_must_be(*, large: bool, points: int) -> None:
    """16 points or more for whoever asks for it."""
    sizes: set[float] = set()
    pdf = printed(Letter("A date", "It is done."), large=large)

    def note_size(text: str, _: object, __: object, ___: object, size: float) -> None:
        if text.strip():
            sizes.add(size)

    pdf.pages[0].extract_text(visitor_text=note_size)
    assert points in sizes
    assert min(sizes) >= POINTS


def test_a_house_without_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way to install it is in the words."""
    monkeypatch.setattr(printing, "TYPST", "no_such_library")
    with pytest.raises(PrintingUnavailable, match=r"requirements-letters\.txt"):
        printed(Letter("A date", "It is done."))
