"""Requests and answers about the homes in the address book."""

from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field, model_validator

from shared.cases.filters import Term
from shared.cases.property import Property
from shared.cases.registers import LINES_SHOWN
from shared.cases.schemas import AnswerModel, wrong_at
from shared.cases.words import Line
from shared.http.problems import Problem
from shared.text import canonical_postcode

NO_SPELLING = "give the home's uprn, its property_reference, or both"


class NewProperty(Property):
    """A home as it comes into the address book, or is corrected there."""

    block: Line | None = None
    estate: Line | None = None

    @model_validator(mode="after")
    def can_be_found(self) -> Self:
        """Require a UPRN or reference: by its address alone, nobody who writes it otherwise finds a home."""
        if self.uprn is None and self.property_reference is None:
            raise wrong_at("/uprn", NO_SPELLING)
        if canonical_postcode(self.postcode) is None:
            raise wrong_at("/postcode", "this is no postcode of the United Kingdom")
        return self


class PropertyOut(AnswerModel):
    """A home in the address book."""

    id: str
    uprn: str | None
    property_reference: str | None
    address: str
    postcode: str
    block: str | None
    estate: str | None

    @property
    def path(self) -> str:
        """The path at which the home is read."""
        return f"/v1/properties/{self.id}"


@dataclass(frozen=True, kw_only=True)
class PropertySearch:
    """Filters of the address book."""

    uprn: Annotated[Term | None, Query(description="Leading zeros do not count")] = None
    property_reference: Annotated[
        Term | None, Query(description="The council's own; letter case and leading zeros do not count")
    ] = None
    postcode: Term | None = None


class RefusedLine(BaseModel):
    """A line that was not loaded, by its number in the file."""

    line: int
    problem: Problem


class PropertiesOut(BaseModel):
    """The outcome of a register of homes: how many of each, and the lines that were refused."""

    recorded: int
    corrected: int
    unchanged: int
    refused: int
    lines: list[RefusedLine] = Field(description=LINES_SHOWN)


class Announced(BaseModel):
    """The number of homes of which every service was told again."""

    properties: int
