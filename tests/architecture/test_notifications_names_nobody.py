"""Notifications serves every service alike: nothing in its Python names another one, or its nouns."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"
OWN = SERVICES / "notifications"
VOCABULARY = ROOT / "shared" / "standards" / "vocabulary.toml"
SOURCES = sorted(path for path in OWN.rglob("*.py") if "versions" not in path.parts)


# Roles of any case's people, whatever service or feature is about them; and the service's own name.
NOT_MEANT = {"residents", "contractors", "case", "notifications"}


def nouns() -> set[str]:
    """The services of the vocabulary, those that there are, and the features of each, one and many."""
    found = set(tomllib.loads(VOCABULARY.read_text()))
    found |= {folder.parent.name for folder in SERVICES.glob("*/__init__.py")}
    found |= {policy.parent.name for policy in SERVICES.glob("*/*/policy.py") if OWN not in policy.parents}
    found -= NOT_MEANT
    return found | {re.sub("ies$", "y", noun).removesuffix("s") for noun in found}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(OWN).as_posix())
def test_no_service_and_none_of_its_nouns_is_named(source: Path) -> None:
    """Docstrings and examples included: what differs from service to service is in TOML."""
    named = re.compile(rf"(?<![a-z])({'|'.join(sorted(nouns()))})(?![a-z])", re.IGNORECASE)
    assert sorted({found.group(0) for found in named.finditer(source.read_text())}) == []
