"""Links of the documents: each leads to a file or picture that is there, and to a heading of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ANCHOR = re.compile(r'<a (?:id|name)="([^"]+)"')


def links(page: Path) -> Iterator[tuple[Path, str | None]]:
    """The files to which a page links, each with the anchor in it, if it names one."""
    for path, anchor in LINK.findall(page.read_text()):
        yield (page.parent / path if path else page), anchor or None


def anchors(page: Path) -> set[str]:
    """The anchors of a page: its own, and those that are made of its headings."""
    text = page.read_text()
    made = (re.sub(r"[^\w\- ]", "", heading).strip().lower() for heading in HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in made} | set(ANCHOR.findall(text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """Pictures that nobody took, and headings that were renamed, are noticed."""
    for target, anchor in links(page):
        assert target.exists(), f"{page.name} links to {target}, which is not there"
        if anchor is not None and target.suffix == ".md":
            assert anchor in anchors(target), f"{page.name} links to #{anchor}, which {target.name} lacks"


def test_there_are_links() -> None:
    """Pictures among them."""
    found = {target.suffix for page in PAGES for target, _ in links(page)}
    assert {".md", ".png"} <= found
