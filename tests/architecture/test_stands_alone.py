"""The project stands alone: nothing in it depends on the machine or the folder it was written in."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked_files() -> list[Path]:
    """The files that git knows or would add; only a clone is what others get."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a folder of some machine", r"(?<![\w.~/-])/(work|root|home|Users)/\w"),
        ("a folder beside the checkout", r"\.\./shared\b"),
        (
            "the address of a package index",
            r"(?m)^\s*--(extra-)?index-url|--find-links|https?://[^\s]*/simple\b",
        ),
        ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n\w"),
    ],
)
def test_no_tracked_file_names(what: str, pattern: str) -> None:
    """A clone in an empty folder on another machine works, and holds no secret."""
    here = Path(__file__)
    naming = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path != here and re.search(pattern, path.read_text(errors="ignore"))
    ]
    assert not naming, f"{what} is named in {', '.join(naming)}"
