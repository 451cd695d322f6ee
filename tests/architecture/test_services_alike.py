"""Knowing one service is knowing all: each has the same files."""

from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"

# A file past about 300 lines is split by use case into a package of the same name.
SMALL = ("main", "api", "service", "queries", "schemas", "models", "events", "policy")
# A service of many features: what they share, the use cases above them, and a package each.
LARGE = ("main", "api", "views", "actions", "case", "events")
IN_A_FEATURE = {"__init__", "policy", "service", "queries", "schemas", "models"}
LARGE_SERVICES = {"repairs"}
# The one service that owns no cases: its layers, from what it takes in to what it tells.
OF_NOTIFICATIONS = (
    *("main", "api", "reconciliation", "calendar", "figures", "intake", "deadlines", "notices"),
    *("models", "policy", "events"),
)
MODULES = {**dict.fromkeys(LARGE_SERVICES, LARGE), "notifications": OF_NOTIFICATIONS}


def services() -> list[Path]:
    return sorted(folder for folder in SERVICES.iterdir() if any(folder.glob("*.py")))


EXPECTED = [
    pytest.param(service, module, id=f"{service.name}-{module}")
    for service in services()
    for module in MODULES.get(service.name, SMALL)
]


@pytest.mark.parametrize(("service", "module"), EXPECTED)
def test_every_service_has_the_same_modules(service: Path, module: str) -> None:
    """A reader finds each thing in the place where every other service has it."""
    assert (service / f"{module}.py").is_file() or (service / module / "__init__.py").is_file()


@pytest.mark.parametrize("service", sorted(LARGE_SERVICES))
def test_every_feature_has_files_of_the_same_names(service: str) -> None:
    """It has a policy, and whatever else it needs under the names that the others give it."""
    packages = {page.parent for page in (SERVICES / service).glob("*/__init__.py")}
    features = {folder for folder in packages if folder.name not in {*LARGE, "migrations"}}
    assert features
    for feature in features:
        assert (feature / "policy.py").is_file(), feature.name
        assert len({page.stem for page in feature.glob("*.py")} & IN_A_FEATURE) >= 3, feature.name


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
