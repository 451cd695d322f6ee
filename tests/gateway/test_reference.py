"""The merged document as a page."""

from fastapi import FastAPI
from pydantic import BaseModel

from gateway.openapi import merge
from gateway.reference import render


class Repair(BaseModel):
    """A repair."""

    reference: str


def test_the_reference_page_escapes_what_it_shows() -> None:
    """A description is text, not markup."""
    app = FastAPI()

    @app.get("/v1/repairs/{reference}", summary="<b>bold</b>")
    async def read(reference: str, on: str = "<script>") -> Repair:
        """Ends with </details><script>alert(1)</script>."""
        raise NotImplementedError

    page = render(merge({"repairs": app.openapi()}))
    assert "<script" not in page
    assert "<b>bold" not in page
    assert "/v1/repairs/{reference}" in page
    assert 'href="#shape-Repair"' in page
