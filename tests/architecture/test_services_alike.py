"""Knowing one service is knowing all: each has the same files."""

from pathlib import Path

import pytest

from tests.shared.example.directory import WITH_EXAMPLE

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"

# A file past about 300 lines is split by use case into a package of the same name.
SMALL = ("main", "api", "service", "queries", "schemas", "models", "events", "policy")
# A service of many features: what they share, the use cases above them, and a package each.
LARGE = ("main", "api", "views", "actions", "case", "events")
IN_A_FEATURE = {"__init__", "policy", "service", "queries", "schemas", "models"}
LARGE_SERVICES = {"repairs"}
# The one service that owns no cases: its layers, from what it takes in to what it tells.
OF_NOTIFICATIONS = (
    *("main", "api", "reconciliation", "calendar", "figures", "worklist", "intake", "deadlines", "notices"),
    *("models", "policy", "events"),
)
MODULES = {**dict.fromkeys(LARGE_SERVICES, LARGE), "notifications": OF_NOTIFICATIONS}


def services() -> list[Path]:
    """The services of the directory, and the example that the next one is copied from."""
    return sorted(ROOT / row.package.replace(".", "/") for row in WITH_EXAMPLE.services)


def to_come() -> list[Path]:
    """The services of which there are only the events, since standards name them."""
    folders = (page.parent for page in SERVICES.glob("*/__init__.py"))
    return sorted(folder for folder in folders if folder not in (*services(), *front_ends()))


def front_ends() -> list[Path]:
    """The front ends of the directory, which have pages in the place of cases."""
    return sorted(ROOT / row.package.replace(".", "/") for row in WITH_EXAMPLE.front_ends)


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


def test_a_service_to_come_has_its_events_and_nothing_else() -> None:
    """A service that has more than these is in no row of the directory, and nobody would ever run it."""
    for service in to_come():
        assert {page.name for page in service.rglob("*.py")} == {"__init__.py", "events.py"}


@pytest.mark.parametrize(
    "service", [*services(), *to_come(), *front_ends()], ids=lambda service: service.name
)
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
