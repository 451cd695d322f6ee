"""The mapping file: what an old system's columns and words mean in a repair's report."""

import tomllib
from collections.abc import Container, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
)

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


class _Part(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class File(_Part):
    """The source of the rows, and its way to tell the time."""

    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
    time_format: Annotated[str, AfterValidator(_reads_a_day)]
    time_zone: ZoneInfo


class Columns(_Part):
    """The meaning of each column; of `address` the first group whose columns are all filled in."""

    key: Text
    created: Text
    closed: Text
    type: Text
    descriptor: Text
    channel: Text
    postcode: Text
    address: Annotated[list[Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)]

    def names(self) -> set[str]:
        """Every column that the file must have."""
        single = self.model_dump(exclude={"address"}).values()
        return {*single, *(name for group in self.address for name in group)}


class Completed(_Part):
    """Details of a finished job that the old system did not record."""

    clean_and_tidy: StrictBool | None = None
    identification_shown: StrictBool | None = None
    notes: Annotated[str, StringConstraints(min_length=1, max_length=5000)]


class Mapping(_Part):
    """A whole mapping file."""

    file: File
    columns: Columns
    channels: dict[str, Channel]
    completed: Completed
    faults: dict[str, dict[str, str]]

    def fault_of(self, kind: str, descriptor: str) -> str | None:
        """The fault of the repairs guide, or None for what is no repair."""
        descriptors = self.faults.get(kind, {})
        return descriptors.get(descriptor, descriptors.get(ANY_DESCRIPTOR))

    def faults_not_in(self, guide: Container[str]) -> Iterator[str]:
        """Each place whose fault a repairs guide does not have, in words."""
        for kind, descriptors in self.faults.items():
            for descriptor, fault in descriptors.items():
                if fault not in guide:
                    yield f'faults."{kind}"."{descriptor}": the repairs guide has no fault "{fault}"'


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file; raises BadMapping."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadMapping(f"{path.name}: {place}: {first['msg']}") from None
    except OSError as failure:
        raise BadMapping(f"{path}: it cannot be read ({failure.strerror})") from None
    except ValueError as wrong:
        raise BadMapping(f"{path.name}: {wrong}") from None


def check_faults(mapping: Mapping, guide: Container[str], name: str) -> None:
    """Raise BadMapping for the first fault that the guide does not have; `name` is the mapping file's."""
    for problem in mapping.faults_not_in(guide):
        raise BadMapping(f"{name}: {problem}")
