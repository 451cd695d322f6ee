"""The meaning of an old system's complaint: the service whose case it is, and what that service calls it."""

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator

from services.asb.policy import Category
from services.estates.events import IssueKind


class Service(StrEnum):
    """The services that rows become cases of."""

    REPAIRS = "repairs"
    ASB = "asb"
    ESTATES = "estates"
    ENQUIRIES = "enquiries"


class Part(BaseModel):
    """A part of the mapping file, in which a misspelt key is refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class Meaning(Part, ABC):
    """A complaint as a case of one service."""

    service: ClassVar[Service]

    @abstractmethod
    def in_words(self) -> str:
        """The meaning, for whoever checks a mapping."""


class Repair(Meaning):
    """The fault of the repairs guide that a complaint is, and the hazard in it if there is one."""

    service: ClassVar[Service] = Service.REPAIRS

    fault: str
    hazard: str | None = None
    severity: str | None = None

    def in_words(self) -> str:
        """The fault and the hazard."""
        return f"{self.fault}, {self.severity} hazard of {self.hazard}" if self.hazard else self.fault

    @model_validator(mode="after")
    def is_whole(self) -> Self:
        """A hazard has a severity, by which the law counts its time."""
        if (self.hazard is None) != (self.severity is None):
            raise ValueError("a hazard and its severity go together")
        return self


class Behaviour(Meaning):
    """Anti-social behaviour, by its category."""

    service: ClassVar[Service] = Service.ASB

    category: Category

    def in_words(self) -> str:
        """The category."""
        return str(self.category)


class Problem(Meaning):
    """A problem on an estate, by its kind; graffiti may be racist or sexist."""

    service: ClassVar[Service] = Service.ESTATES

    kind: IssueKind
    offensive: bool = False

    def in_words(self) -> str:
        """The kind."""
        return f"offensive {self.kind}" if self.offensive else str(self.kind)


class Enquiry(Meaning):
    """Anything else: somebody asked the council something."""

    service: ClassVar[Service] = Service.ENQUIRIES

    def in_words(self) -> str:
        """The word for it."""
        return "enquiry"


ENQUIRY = Enquiry()


def named_by(field: str) -> Any:
    """A reader of most meanings, which are one word and nothing else, and are written as it alone."""

    def read(given: Any) -> Any:
        return {field: given} if isinstance(given, str) else given

    return read
