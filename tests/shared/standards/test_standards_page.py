"""`make standards` and the page that is generated from the standards files."""

from pathlib import Path

import pytest

from shared.standards.__main__ import main, markdown
from tests.shared.standards.histories import CATALOGUE

PAGE = Path(__file__).parents[3] / "docs" / "standards.md"


def test_the_page_is_what_the_files_say() -> None:
    """docs/standards.md is generated, and up to date."""
    assert PAGE.read_text(encoding="utf-8") == markdown(CATALOGUE), (
        "docs/standards.md is stale: run `python -m shared.standards --markdown > docs/standards.md`"
    )


def test_the_table_has_every_standard(capsys: pytest.CaptureFixture[str]) -> None:
    """Printed as a table, no row is missing and none is cut off."""
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert [row.id for row in CATALOGUE.standards if row.id not in printed] == []


def test_a_bad_file_is_one_clear_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A council checking its own file learns what is wrong with it, and no traceback."""
    file = tmp_path / "riverton.toml"
    file.write_text("regime = 3")
    with pytest.raises(SystemExit, match="1"):
        main([str(file)])
    assert capsys.readouterr().err.startswith("riverton.toml: ")
