"""The page about the council's document is true: its routes, standards, indicators and tests are there."""

import re
import tomllib
from pathlib import Path

import pytest

from shared.directory import DIRECTORY
from shared.standards.catalogue import Catalogue
from tests.support.apps import app_of, pages_of_the_gateway

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "council-document.md").read_text(encoding="utf-8")
FIGURES = ROOT / "services" / "notifications" / "figures"
SECTIONS = re.findall(r"^## (\d+\.0) ", PAGE, re.MULTILINE)
ROWS = [
    tuple(cell.strip().strip("`") for cell in line.strip("| ").split(" | "))
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| sentence")
]
NO_MEASURE = re.compile(r"data: .+|every standard")


def routes_of(service: str) -> set[str]:
    """The routes of a service, or of the gateway, as the page writes them."""
    app = pages_of_the_gateway() if service == "gateway" else app_of(service)
    paths = app.openapi()["paths"].items()
    return {f"{method.upper()} {path}" for path, operations in paths for method in operations}


def measures() -> set[str]:
    """The ids of all standards, indicators and measures."""
    figures = [
        tomllib.loads((FIGURES / name).read_text(encoding="utf-8"))
        for name in ("indicators.toml", "measures.toml")
    ]
    counted = {row["id"] for figure in figures for rows in figure.values() for row in rows}
    return counted | {row.id for row in Catalogue.load().standards}


def test_the_page_has_every_section() -> None:
    """The document has ten."""
    assert [f"{number}.0" for number in range(1, 11)] == SECTIONS
    assert {len(row) for row in ROWS} == {5}


@pytest.mark.parametrize("service", sorted({row[1] for row in ROWS}))
def test_every_route_of_the_page_is_there(service: str) -> None:
    """Of the service that the page names with it."""
    assert service in {*DIRECTORY.names, "gateway"}
    assert {row[2] for row in ROWS if row[1] == service} - routes_of(service) == set()


def test_every_measure_of_the_page_is_there() -> None:
    """And every standard of the council's document is on the page."""
    named = {row[3] for row in ROWS if not NO_MEASURE.fullmatch(row[3])}
    assert named - measures() == set()
    council = {row.id for row in Catalogue.load().standards if row.regime.name == "havering"}
    assert council - named == set()


def test_every_test_of_the_page_is_there() -> None:
    """By its file and its name."""
    missing = []
    for _, _, _, _, test in ROWS:
        file, _, name = test.partition("::")
        source = ROOT / file
        if not source.is_file() or f"def {name}(" not in source.read_text(encoding="utf-8"):
            missing.append(test)
    assert missing == []
