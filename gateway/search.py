"""`POST /v1/search`: the cases of some references or of a home, whichever services own them.

It only asks, in a body: what it looks for is personal, and a path or a query stands in logs and histories.
No list of anti-social behaviour is asked for a postcode, which would tell a neighbour's case.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Request
from pydantic import Field, model_validator

from gateway.gathering import Filters, GatheredCase, GatheredCases, gathered, page_of
from gateway.resources import Running
from shared.caller import OFFICER, Caller
from shared.cases.schemas import RequestModel, wrong_at
from shared.cases.words import Line
from shared.directory import Directory, ServiceRow
from shared.errors import TooLarge, UnsupportedMediaType
from shared.http.auth import requires
from shared.http.bodies import BodyReader
from shared.http.paging import Paging
from shared.http.parameters import PAGE_QUERY
from shared.http.problems import problems
from shared.references import all_normalised, normalised, prefix_of
from shared.text import canonical_postcode, is_surname

router = APIRouter(tags=["gateway"])

Officer = Annotated[Caller, requires(OFFICER)]


MOST_REFERENCES = 100

SECONDS = 1.2
"""The time that each service has; one that takes longer is left out, and keeps no others waiting."""


class Search(RequestModel):
    """The reference of a case, or of many, or the postcode of a home; with a surname, that person's alone.

    A worklist or an inbox names cases of every kind: `references` reads them all at once.
    """

    reference: Line | None = None
    references: Annotated[list[Line], Field(min_length=1, max_length=MOST_REFERENCES)] | None = None
    postcode: Line | None = None
    surname: Line | None = None

    @model_validator(mode="after")
    def is_enough(self) -> Self:
        """A surname alone would list the half of a borough; raises ValueError."""
        if self.reference is not None and self.references is not None:
            raise wrong_at("/references", "say one reference or many, not both")
        if not self.wanted and self.postcode is None:
            raise wrong_at("/postcode", "say a reference or a postcode: a surname alone is not enough")
        for place, each in self.wanted.items():
            if normalised(each) is None:
                raise wrong_at(place, "this is no reference, which looks like REP-7K3M-Q9TX")
        if self.postcode is not None and canonical_postcode(self.postcode) is None:
            raise wrong_at("/postcode", "this is no postcode, which looks like RM1 3SL")
        return self

    @property
    def wanted(self) -> Mapping[str, str]:
        """The references that are looked for, by their place in the body."""
        one = {"/reference": self.reference} if self.reference is not None else {}
        return one | {f"/references/{place}": each for place, each in enumerate(self.references or ())}

    def lists(self, directory: Directory) -> Mapping[ServiceRow, Iterable[str]]:
        """The lists that are asked: those of the references' kinds, or every one that knows postcodes."""
        kinds = {prefix_of(each) for each in all_normalised(self.wanted.values())}
        asked = {
            row: [prefix for prefix in row.prefixes if prefix in kinds] if kinds else row.by_postcode
            for row in directory.owner_rows
        }
        return {row: [row.collections[each] for each in some] for row, some in asked.items() if some}

    def filters(self) -> Filters:
        """The filters with which they are asked."""
        wanted = all_normalised(self.wanted.values())
        return {"reference": wanted} if wanted else {"postcode": self.postcode or ""}

    def finds(self, case: GatheredCase) -> bool:
        """Tell whether all that was said is true of a case that was found by some of it."""
        shown = case.model_extra or {}
        name = (shown.get("contact") or {}).get("name") or ""
        home = (shown.get("property") or {}).get("postcode") or ""
        is_theirs = self.surname is None or is_surname(self.surname, name)
        return is_theirs and (self.postcode is None or canonical_postcode(self.postcode) == home)


OPERATION: dict[str, Any] = {
    "responses": problems(TooLarge, UnsupportedMediaType),
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Search.model_json_schema()}},
        },
    },
}
_body = BodyReader.of_model(Search)


async def _search(request: Request, running: Running) -> Search:
    search: Search = await _body.model(request, running.settings.body_limit)
    return search


Wanted = Annotated[Search, Depends(_search)]


@router.post("/v1/search", summary="Find cases by reference or home", dependencies=PAGE_QUERY, **OPERATION)
async def search_cases(
    _: Officer, wanted: Wanted, request: Request, running: Running, page: Paging
) -> GatheredCases:
    """Those that the caller may see, the newest promise first; services that are down are `unavailable`."""
    lists = wanted.lists(running.settings.directory)
    authorization = request.headers["authorization"]
    found, silent = await gathered(running, authorization, lists, wanted.filters(), seconds=SECONDS)
    return page_of(filter(wanted.finds, found), silent, page)
