"""Recipients: who reads what staff are told, by department, role and rung, read from TOML."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError

from services.notifications.notices.texts import takes_texts
from shared.cases.contact import Email, e164
from shared.standards.periods import END_OF_OFFICE_HOURS, START_OF_OFFICE_HOURS, OfficeHours

BUNDLED = Path(__file__).with_name("recipients.toml")
Role = Literal["department", "handler", "manager"]
EMAIL: Literal["email"] = "email"
TEXT: Literal["text"] = "text"


class BadRecipients(ValueError):
    """A file of recipients that nobody can be told by; says which file, which row, and why."""

    def __init__(self, file: str, row: str, reason: object) -> None:
        super().__init__(f"{file}: {row}: {reason}")


def _mobile(typed: str) -> str:
    number = e164(typed)
    if not takes_texts(number):
        raise ValueError("this is no mobile number, and texts are read nowhere else")
    return number or typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department: its name in letters, its office hours, and where it reads digests and of emergencies."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    team: str = ""
    email: Email | None = None
    duty_email: Email | None = None
    duty_phone: Annotated[str, AfterValidator(_mobile)] | None = None
    emergencies_by: tuple[Literal["email", "text"], ...] = (EMAIL,)
    opening: time = START_OF_OFFICE_HOURS
    closing: time = END_OF_OFFICE_HOURS

    @property
    def hours(self) -> OfficeHours:
        """The hours in which its digests leave."""
        return OfficeHours(self.opening, self.closing)

    def fault(self) -> str | None:
        """The reason why the row cannot be kept to, if there is one."""
        if self.opening >= self.closing:
            return "its closing is not after its opening"
        if not self.emergencies_by:
            return "emergencies_by names no channel, and nobody would be told of an emergency"
        if TEXT in self.emergencies_by and self.duty_phone is None:
            return "emergencies_by has text, and there is no duty_phone"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """An address of those who have a role in a department, of some rungs or of all."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    department: str
    role: Role
    email: Email
    rungs: tuple[str, ...] = ()

    def reads(self, department: str, role: str, rungs: Collection[str]) -> bool:
        """Tell whether notices of one of these rungs, or kinds, go there."""
        is_theirs = (self.department, self.role) == (department, role)
        return is_theirs and (not self.rungs or not {*rungs}.isdisjoint(self.rungs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """An officer's own address, by the subject of their token."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    subject: str
    email: Email


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = ConfigDict(extra="forbid")

    department: tuple[Department, ...] = ()
    recipient: tuple[Addressee, ...] = ()
    handler: tuple[Handler, ...] = ()


_FILE = TypeAdapter(_File)


class Recipients:
    """The bundled rows, and a council's own, which stand in their places; raises BadRecipients."""

    def __init__(self, own: Path | None = None) -> None:
        bundled, file = _read(BUNDLED), _read(own) if own else _File()
        self.file = (own or BUNDLED).name
        self._bundled = {row.name for row in bundled.department}
        teams = {row.name: row.team for row in bundled.department}
        self.departments: Mapping[str, Department] = {
            row.name: replace(row, team=row.team or teams.get(row.name, ""))
            for row in (*bundled.department, *file.department)
        }
        self.rows = (*bundled.recipient, *file.recipient)
        self.handlers = {row.subject: row.email for row in (*bundled.handler, *file.handler)}
        self._check_once("department", [row.name for row in file.department])
        self._check_once("handler", [row.subject for row in file.handler])

    def department(self, name: str) -> Department:
        """The row of a department, or one that has nothing of its own."""
        return self.departments.get(name) or Department(name=name)

    def team(self, department: str) -> str:
        """The name of a department in letters."""
        return self.department(department).team or department

    def addresses(self, department: str, role: str, rungs: Collection[str]) -> list[str]:
        """The addresses that have rows for a role, of one of these rungs; the department's own for itself."""
        rows = [row.email for row in self.rows if row.reads(department, role, rungs)]
        own = self.department(department).email if role == "department" else None
        return rows or ([own] if own else [])

    def check(self, departments: Collection[str], rungs: Collection[str]) -> None:
        """Raise BadRecipients for a department or a rung that there is not, and for what a row lacks."""
        for number, row in enumerate(self.rows, start=1):
            where = f"recipient {number}"
            self._require_known("department", row.department, departments, where)
            for rung in row.rungs:
                self._require_known("rung", rung, rungs, where)
        for name, department in self.departments.items():
            if (
                name not in self._bundled
            ):  # a council may do without a service whose row ships with the product
                self._require_known("department", name, departments, f"department {name}")
            if fault := department.fault():
                raise BadRecipients(self.file, f"department {name}", fault)

    def _require_known(self, what: str, said: str, known: Collection[str], where: str) -> None:
        if said not in known:
            listed = ", ".join(sorted(known))
            raise BadRecipients(self.file, where, f'there is no {what} "{said}"; there are {listed}')

    def _check_once(self, what: str, names: Iterable[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise BadRecipients(self.file, f"{what} {name}", "there is a row of that name already")
            seen.add(name)


@cache
def recipients_of(file: Path | None) -> Recipients:
    """The recipients of a deployment, read once; raises BadRecipients."""
    return Recipients(file)


def _read(path: Path) -> _File:
    try:
        return _FILE.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as wrong:
        raise BadRecipients(path.name, "the whole file", f"cannot be read ({wrong.strerror})") from wrong
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        table, number, *field = (*fault["loc"], "")
        row = f"{table} {number + 1}" if isinstance(number, int) else str(table)
        at = " ".join(part for part in field if isinstance(part, str) and part)
        raise BadRecipients(path.name, row, f"{at}: {fault['msg']}" if at else fault["msg"]) from None
    except ValueError as wrong:
        raise BadRecipients(path.name, "the whole file", f"is no TOML file: {wrong}") from wrong
