"""The mapping file: what an old system's columns and words mean in the reports of our services."""

import tomllib
import typing
from collections import Counter
from collections.abc import Container, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    model_validator,
)

from deploy.replay.meanings import ENQUIRY, Behaviour, Meaning, Part, Problem, Repair, named_by
from shared.cases.schemas import Channel

ANY_DESCRIPTOR = "*"
SOME_TIME = datetime(2019, 11, 23, 15, 4, 5)  # noqa: DTZ001 - a format is tried out on it, nothing more


class BadMapping(ValueError):
    """The mapping file cannot be used; says where in it and why."""


def _reads_a_day(time_format: str) -> str:
    day = datetime.strptime(SOME_TIME.strftime(time_format), time_format).date()  # noqa: DTZ007
    if day != SOME_TIME.date():
        raise ValueError("gives no day, month and year; see the codes of Python's strptime")
    return time_format


Text = Annotated[str, StringConstraints(min_length=1)]


class File(Part):
    """The source of the rows, what stands between cells, and its way to tell the time."""

    separator: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
    time_format: Annotated[str, AfterValidator(_reads_a_day)]
    time_zone: ZoneInfo


class Columns(Part):
    """The meaning of each column; of `address` the first group whose columns are all filled in.

    Without a `status` a row that was closed is a job that was done.
    """

    key: Text
    status: Text | None = None
    created: Text
    closed: Text
    type: Text
    descriptor: Text
    channel: Text
    postcode: Text
    address: Annotated[list[Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)]

    def names(self) -> set[str]:
        """Every column that the file must have."""
        single = self.model_dump(exclude={"address"}, exclude_none=True).values()
        return {*single, *(name for group in self.address for name in group)}


class Completed(Part):
    """Details of a finished job that the old system did not record."""

    clean_and_tidy: StrictBool | None = None
    identification_shown: StrictBool | None = None
    notes: Annotated[str, StringConstraints(min_length=1, max_length=5000)]


class CalledOff(Part):
    """The reason given for a job that was called off, where the old system recorded none."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=5000)] = (
        "Called off in the old system, which did not record why."
    )


class Outcome(StrEnum):
    """The outcome of a job, as a status of the old system tells it.

    A job that was called off is not done, and one row too many of the same job is no job: to count either as
    done would make promises look kept.
    """

    DONE = "done"
    CALLED_OFF = "called_off"
    DUPLICATE = "duplicate"
    OPEN = "open"


class Mapping(Part):
    """A whole mapping file."""

    file: File
    columns: Columns
    channels: dict[str, Channel]
    statuses: dict[str, Outcome] = Field(default_factory=dict)
    completed: Completed
    called_off: CalledOff = CalledOff()
    faults: dict[str, dict[str, Annotated[Repair, BeforeValidator(named_by("fault"))]]]
    asb: dict[str, dict[str, Annotated[Behaviour, BeforeValidator(named_by("category"))]]] = Field(
        default_factory=dict
    )
    estates: dict[str, dict[str, Annotated[Problem, BeforeValidator(named_by("kind"))]]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def statuses_have_a_column(self) -> Self:
        """Statuses without their column would be read by nobody."""
        if bool(self.statuses) != (self.columns.status is not None):
            raise ValueError("columns.status and statuses go together")
        return self

    @model_validator(mode="after")
    def types_have_one_table(self) -> Self:
        """A complaint of two services would be whichever is looked at first."""
        counted = Counter(kind for table in (self.faults, self.asb, self.estates) for kind in table)
        for kind, times in counted.items():
            if times > 1:
                raise ValueError(f'"{kind}" is a case of more than one service')
        return self

    def meaning_of(self, kind: str, descriptor: str) -> Meaning:
        """The meaning of a complaint; what no table has is an enquiry."""
        for table in (self.faults, self.asb, self.estates):
            descriptors: typing.Mapping[str, Meaning] = table.get(kind, {})
            if found := descriptors.get(descriptor, descriptors.get(ANY_DESCRIPTOR)):
                return found
        return ENQUIRY

    def faults_not_in(self, guide: Container[str]) -> Iterator[str]:
        """Each place whose fault a repairs guide does not have, in words."""
        for kind, descriptors in self.faults.items():
            for descriptor, meaning in descriptors.items():
                if meaning.fault not in guide:
                    yield f'faults."{kind}"."{descriptor}": the repairs guide has no fault "{meaning.fault}"'


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file; raises BadMapping."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = [".".join(str(part) for part in first["loc"])] if first["loc"] else []
        said = first["msg"].removeprefix("Value error, ")
        raise BadMapping(": ".join([path.name, *place, said])) from None
    except OSError as failure:
        raise BadMapping(f"{path}: it cannot be read ({failure.strerror})") from None
    except ValueError as wrong:
        raise BadMapping(f"{path.name}: {wrong}") from None


def check_faults(mapping: Mapping, guide: Container[str], name: str) -> None:
    """Raise BadMapping for the first fault that the guide does not have; `name` is the mapping file's."""
    for problem in mapping.faults_not_in(guide):
        raise BadMapping(f"{name}: {problem}")
