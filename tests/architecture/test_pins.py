"""Every dependency is pinned so that any pip installs it."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([\w.-]+)(?:\[([\w.,-]+)\])?==", re.MULTILINE)


def wanted_with_extras() -> dict[str, set[str]]:
    """The extras with which installed packages ask for each other."""
    wanted: dict[str, set[str]] = {}
    for distribution in distributions():
        for requirement in map(Requirement, distribution.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.setdefault(canonicalize_name(requirement.name), set()).update(requirement.extras)
    return wanted


@pytest.mark.parametrize("pins", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_wanted_with_an_extra_is_pinned_with_it(pins: str) -> None:
    """To pip before 23.3, `coverage[toml]` is another package than `coverage==7.17.3`.

    It looks for its newest version, finds one that is not pinned, and refuses to install anything: on the
    day of a release, on machines that worked the day before.
    """
    wanted = wanted_with_extras()
    assert wanted["coverage"] == {"toml"}, "pytest-cov asks for it so"
    for name, extras in PIN.findall((ROOT / pins).read_text()):
        missing = wanted.get(canonicalize_name(name), set()) - set(extras.split(","))
        assert not missing, f"{name} is wanted with {missing}"
