"""Knowing one service is knowing all: each has the same files."""

from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"

# A file past about 300 lines is split by use case into a package of the same name.
MODULES = ("main", "api", "service", "queries", "schemas", "models", "events", "policy")


def services() -> list[Path]:
    return sorted(folder for folder in SERVICES.iterdir() if any(folder.glob("*.py")))


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
@pytest.mark.parametrize("module", MODULES)
def test_every_service_has_the_same_modules(service: Path, module: str) -> None:
    """A reader finds each thing in the place where every other service has it."""
    assert (service / f"{module}.py").is_file() or (service / module / "__init__.py").is_file()


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_every_service_says_what_it_is_for(service: Path) -> None:
    """The package's own page is prose: what it is for, its standards, what it publishes; no code."""
    page = (service / "__init__.py").read_text()
    assert page.startswith('"""')
    assert len(page.splitlines()) >= 3
    assert "import " not in page.rpartition('"""')[2]


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_every_service_migrates_its_own_database(service: Path) -> None:
    """Each service has migrations, with at least one version."""
    assert (service / "migrations" / "env.py").is_file()
    assert list((service / "migrations" / "versions").glob("*.py"))
