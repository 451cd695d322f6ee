"""A resident's list of cases, and a contact of somebody who must not be written to."""

import httpx

from tests.support.eventually import eventually

UNSAFE = {"name": "Sam Jones", "email": "sam@example.org", "safe_to_contact": False}


async def mine(browser: httpx.AsyncClient) -> str:
    """The list with the cases of every service: under load one may be left out, and the list says so."""

    async def whole() -> str | None:
        page = (await browser.get("/board/mine")).text
        return None if "not to be had just now" in page else page

    return await eventually(whole, 20)
