"""The directory of services: one row a service, from which everything that must know all of them derives.

A front end has a row too: it is one more process behind the gateway, without a database and without events.

Gateway routes, ports, clients, processes and databases are read from the rows. The directory is a value that
is handed in as `Settings.directory`: a test hands in another, with a vocabulary and standards of its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

STANDARDS = Path(__file__).with_name("standards")


class UnknownService(LookupError):
    """A service that the directory lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One service, by its facts that others need.

    `paths` are its public paths, those of its cases first, in the order of `prefixes`, with which their
    references begin; `by_postcode` are those prefixes whose lists can be asked for a postcode. `departments`
    are those that work its cases. `runs_apart` names the workers for which
    `make up` starts a process each. `scopes` are those with which it asks others, as the client of its own
    name. `package` is its code, by default `services.<name>`. `encrypts`: it has encrypted columns, and keys.
    """

    name: str
    port: int
    paths: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    by_postcode: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    runs_apart: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    package: str = ""
    encrypts: bool = False

    @property
    def collections(self) -> Mapping[str, str]:
        """The path under which its cases are read, by the prefix of their references."""
        return dict(zip(self.prefixes, self.paths, strict=False))

    def __post_init__(self) -> None:
        object.__setattr__(self, "package", self.package or f"services.{self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEnd:
    """Screens for people: an application that asks the public API with the token of whoever signed in.

    It has no database, no events and no client of its own. `paths` and `package` are as a service's.
    """

    name: str
    port: int
    paths: tuple[str, ...]
    package: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "package", self.package or f"services.{self.name}")


@dataclass(frozen=True, slots=True)
class Directory:
    """All services, in the order in which one process starts them, and the files that their rules are in.

    `messages` are files besides those that notifications brings along. Raises ValueError where two services
    or front ends share a name, port, path or prefix.
    """

    services: tuple[ServiceRow, ...]
    vocabulary: tuple[Path, ...]
    standards: tuple[Path, ...]
    messages: tuple[Path, ...] = ()
    front_ends: tuple[FrontEnd, ...] = ()

    def __post_init__(self) -> None:
        served = self.served
        _only_once("name", (row.name for row in served))
        _only_once("port", (row.port for row in served))
        _only_once("path", (path for row in served for path in row.paths))
        _only_once("prefix", (prefix for row in self.services for prefix in row.prefixes))

    def __contains__(self, name: str) -> bool:
        return name in self.names

    @property
    def served(self) -> tuple[ServiceRow | FrontEnd, ...]:
        """All that the gateway forwards to: the services, and the front ends that ask them."""
        return (*self.services, *self.front_ends)

    def port(self, name: str) -> int:
        """The port at which a service or a front end is served; raises UnknownService."""
        for row in self.front_ends:
            if row.name == name:
                return row.port
        return self.row(name).port

    def row(self, name: str) -> ServiceRow:
        """The row of a service; raises UnknownService."""
        for row in self.services:
            if row.name == name:
                return row
        raise UnknownService(f"no service is called {name}; the directory has {', '.join(self.names)}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all services."""
        return tuple(row.name for row in self.services)

    @property
    def owner_rows(self) -> tuple[ServiceRow, ...]:
        """The services that own cases."""
        return tuple(row for row in self.services if row.prefixes)

    @property
    def owners(self) -> tuple[str, ...]:
        """The names of the services that own cases."""
        return tuple(row.name for row in self.owner_rows)

    @property
    def departments(self) -> frozenset[str]:
        """The departments that cases can be with."""
        return frozenset(department for row in self.services for department in row.departments)


def _only_once(what: str, values: Iterable[object]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            raise ValueError(f"{times} services have the {what} {value}")


DIRECTORY = Directory(
    services=(
        # Notifications first, so that in one process it listens before anything is published.
        ServiceRow(
            name="notifications",
            port=8102,
            paths=(
                "/v1/standards",
                "/v1/deadlines",
                "/v1/cases",
                "/v1/worklist",
                "/v1/notices",
                "/v1/me/notices",
                "/v1/messages",
                "/v1/performance",
                "/v1/calendar",
                "/v1/reconciliations",
                "/v1/dead-letters",
                "/v1/callbacks/notify/receipts",
            ),
            runs_apart=(
                "consumer",
                "sweep",
                "delivery",
                "calendar-changes",
                "bank-holidays",
                "reconciliation",
            ),
            scopes=frozenset({"contacts", "cases"}),
        ),
        ServiceRow(
            name="repairs",
            port=8101,
            paths=("/v1/repairs", "/v1/appliances", "/v1/slots", "/v1/contractors"),
            prefixes=("REP", "APP"),
            by_postcode=("REP", "APP"),
            departments=("repairs",),
            scopes=frozenset({"contacts", "households"}),
        ),
        ServiceRow(
            name="residents",
            port=8107,
            paths=("/v1/tenancies", "/v1/welfare", "/v1/properties"),
            prefixes=("TEN", "WEL"),
            by_postcode=("TEN", "WEL"),
            departments=("residents",),
            scopes=frozenset({"contacts"}),
        ),
        ServiceRow(
            name="complaints",
            port=8103,
            paths=("/v1/complaints",),
            prefixes=("CMP",),
            by_postcode=("CMP",),
            departments=("complaints",),
            scopes=frozenset({"contacts"}),
        ),
        ServiceRow(
            name="asb",
            port=8105,
            paths=("/v1/asb",),
            prefixes=("CAS",),
            departments=("asb",),
            scopes=frozenset({"contacts"}),
            encrypts=True,
        ),
        ServiceRow(
            name="estates",
            port=8104,
            paths=(
                "/v1/estates/sites",
                "/v1/estates/issues",
                "/v1/estates/rounds",
                "/v1/estates/repeated-graffiti",
            ),
            prefixes=("SIT", "EST"),
            by_postcode=("EST",),
            departments=("estates",),
            scopes=frozenset({"contacts"}),
        ),
        ServiceRow(
            name="enquiries",
            port=8106,
            paths=(
                "/v1/enquiries",
                "/v1/calls",
                "/v1/appointments",
                "/v1/visits",
                "/v1/feedback",
                "/v1/mail",
                "/v1/callbacks/notify/inbound",
            ),
            prefixes=("ENQ", "CAL", "MTG", "VIS", "FBK"),
            departments=("enquiries",),
            scopes=frozenset({"contacts", "mail"}),
        ),
    ),
    front_ends=(FrontEnd(name="board", port=8108, paths=("/board",)),),
    vocabulary=(STANDARDS / "vocabulary.toml",),
    standards=tuple(
        STANDARDS / f"{regime}.toml"
        for regime in (
            "havering",
            "right_to_repair",
            "complaint_handling_code",
            "lgsco_complaint_handling_code",
            "awaabs_law",
            "internal",
            "information_rights",
        )
    ),
)
"""The product's own services."""
