"""Homes in requests: where a case is, by the UPRN, the council's own reference, or the address alone."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints, ValidationInfo

from shared.cases.formats import Uprn
from shared.cases.schemas import RequestModel, wrong_at
from shared.cases.words import ONE_LINE, Line
from shared.text import canonical_postcode

_REFERENCE = "^[0-9A-Za-z][0-9A-Za-z ./_-]*$"


def reference_key(reference: str) -> str:
    """The form in which property references are compared; a spreadsheet eats their leading zeros."""
    return reference.lower().lstrip("0")


def _says_something(reference: str) -> str:
    if reference_key(reference):
        return reference
    raise ValueError("a property reference has a character that is not 0")


PropertyReference = Annotated[
    str, StringConstraints(max_length=40, pattern=_REFERENCE), AfterValidator(_says_something), ONE_LINE
]
"""The council's own reference of a property; letter case and leading zeros do not count."""


class Property(RequestModel):
    """A home; its postcode is RM1 3SL, or what another system has in its place."""

    uprn: Uprn | None = None
    property_reference: PropertyReference | None = None
    address: Line
    postcode: Annotated[Line, AfterValidator(lambda text: canonical_postcode(text) or text)]


def _located(home: Property, info: ValidationInfo) -> Property:
    if canonical_postcode(home.postcode) is None and not info.data.get("imported"):
        raise wrong_at("/postcode", "this is no postcode of the United Kingdom")
    return home


ReportedProperty = Annotated[Property, AfterValidator(_located)]
"""The home in a report; after a field `imported` that is true the postcode may be any text."""
