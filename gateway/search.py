"""`POST /v1/search`: the cases of a reference or of a home, whichever services own them.

It only asks, in a body: what it looks for is personal, and a path or a query stands in logs and histories.
No list of anti-social behaviour is asked for a postcode, which would tell a neighbour's case.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Request
from pydantic import model_validator

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
from shared.references import normalised, prefix_of
from shared.text import canonical_postcode, is_surname

router = APIRouter(tags=["gateway"])

Officer = Annotated[Caller, requires(OFFICER)]


class Search(RequestModel):
    """The reference of a case, or the postcode of its home; with a surname, those of that person alone."""

    reference: Line | None = None
    postcode: Line | None = None
    surname: Line | None = None

    @model_validator(mode="after")
    def is_enough(self) -> Self:
        """A surname alone would list the half of a borough; raises ValueError."""
        if self.reference is None and self.postcode is None:
            raise wrong_at("/postcode", "say a reference or a postcode: a surname alone is not enough")
        if self.reference is not None and normalised(self.reference) is None:
            raise wrong_at("/reference", "this is no reference, which looks like REP-7K3M-Q9TX")
        if self.postcode is not None and canonical_postcode(self.postcode) is None:
            raise wrong_at("/postcode", "this is no postcode, which looks like RM1 3SL")
        return self

    def lists(self, directory: Directory) -> Mapping[ServiceRow, Iterable[str]]:
        """The lists that are asked: that of the reference's kind, or every one that knows postcodes."""
        wanted = normalised(self.reference or "")
        if wanted is None:
            return {
                row: [row.collections[prefix] for prefix in row.by_postcode]
                for row in directory.owner_rows
                if row.by_postcode
            }
        kind = prefix_of(wanted)
        return {row: [row.collections[kind]] for row in directory.owner_rows if kind in row.prefixes}

    def filters(self) -> Filters:
        """The filters with which they are asked."""
        return {"reference": self.reference} if self.reference else {"postcode": self.postcode or ""}

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
    found, silent = await gathered(running, request.headers["authorization"], lists, wanted.filters())
    return page_of(filter(wanted.finds, found), silent, page)
