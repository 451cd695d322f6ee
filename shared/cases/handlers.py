"""The officer who is to deal with a case, as a request names them."""

from typing import Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter

from shared.cases.schemas import RequestModel
from shared.cases.words import Line
from shared.text import same

_A_NAME: TypeAdapter[str] = TypeAdapter(Line)


class Officer(RequestModel):
    """An officer by name; a service adds the department that its cases are with."""

    name: Line
    subject: Line | None = Field(None, description="The subject of the officer's token, if it is known")


def of_department(department: str) -> AfterValidator:
    """Accept that department alone, however it is spelt, and keep it as it is spelt in the directory."""

    def check(given: str) -> str:
        if not same(given, department):
            raise ValueError(f"these cases are dealt with by the department {department}")
        return department

    return AfterValidator(check)


def or_by_name(model: type[Officer]) -> BeforeValidator:
    """Accept an officer who is named by a text alone; a union would put our types' names into pointers."""

    def read(given: Any) -> Any:
        return model(name=_A_NAME.validate_python(given), subject=None) if isinstance(given, str) else given

    return BeforeValidator(read, json_schema_input_type=Line | model)
