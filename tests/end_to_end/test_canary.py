"""Nothing about a victim leaves asb's database but what a repair needs and what they passed on themselves.

Canaries, which exist nowhere else, are sent by every route; then every place is searched for each of them.
"""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest

from services.notifications.notices.channels.mailbox import Mailbox
from shared.directory import DIRECTORY
from tests.end_to_end.canary import sending
from tests.end_to_end.canary.places import EXPORTS, PLACES, Text, Visit, tapped
from tests.end_to_end.houses import SECONDS, House
from tests.support.apps import app_of
from tests.support.canaries import Canaries
from tests.support.eventually import eventually

pytestmark = [pytest.mark.rabbitmq]

HOME = r"/property /(address|postcode)"
JOB = rf"/damage /for_contractor|{HOME}"
"""The words for the contractor and the place of the home, which go to repairs with damage."""
COMPLAINT = rf"/survey/answers /comments|/contact /|{HOME}"
"""An answer that its victim made a complaint: their words, where, and how to reach them."""
MAY_BE: Mapping[str, str] = {
    "database of repairs": JOB,
    "database of notifications": rf"sent_letters .*{HOME}",  # the repair's letters, as they were sent
    "read by others": JOB,
    "read elsewhere by the team": f"{JOB}|{COMPLAINT}",
    "database of complaints": COMPLAINT,
    "channel mailbox": rf"/contact /(name|email)|to repairs .* {HOME}",
}
"""For each place, the canaries that may be there, by where they were sent; none, where it is not named."""
NEVER_IN_ANY = ("events on the exchange", "dead letters", "logs", "metrics and status", "problems")
"""The places in which no service may leave what a person wrote."""


@dataclass
class Searched:
    """Everything that was sent, and every text that was found."""

    asb: Canaries
    others: Canaries
    texts: Mapping[str, list[Text]]

    def hits(self, place: str, canaries: Canaries) -> Counter[str]:
        """The spots in a place where canaries are, with where each was sent."""
        return Counter(
            f"{text.at} ← {canaries.sent[found]}"
            for text in self.texts[place]
            for found in canaries.found_in(text.text)
        )


@pytest.fixture(scope="module")
async def searched(house_of_many_processes: House) -> AsyncIterator[Searched]:
    """The house after everything was sent and has come to rest, searched once for all tests."""
    house = house_of_many_processes
    async with tapped(house) as (queue, topology):
        visit = Visit(house, queue, topology)
        story = await sending.tell_story(visit)
        reference = await sending.report_now(visit, story)
        await sending.import_one(visit, story)
        await sending.send_mistakes(visit, story, reference)
        await sending.crash(visit, story)
        await sending.write_mail(visit, story, reference)
        await sending.write_text(visit, story, reference)
        await sending.kill_a_message(visit, story, reference)
        letters = await PLACES["dead letters"](visit)
        await sending.replay(visit)
        others = await sending.send_to_others(visit)
        await eventually(lambda: house.letters(reference), SECONDS * 3)
        visit.references += await sending.repairs_of(visit, story)
        texts = {place: await search(visit) for place, search in PLACES.items()}
        texts["dead letters"] = [*letters, *texts["dead letters"]]
        yield Searched(story.canaries, others, texts)


@pytest.mark.parametrize("place", PLACES)
async def test_no_canary_is_where_it_may_not_be(searched: Searched, place: str) -> None:
    """Nothing of a case of anti-social behaviour is there but what may be, by name."""
    hits = searched.hits(place, searched.asb)
    may_be = MAY_BE.get(place)
    wrong = {hit: count for hit, count in hits.items() if not may_be or not re.search(may_be, hit)}
    texts = searched.texts[place]
    size = sum(len(text.text) for text in texts)
    print(f"{place}: {len(texts)} texts, {size:,} characters, {len(wrong)} hits")
    assert texts, "a place where nothing is read proves nothing"
    assert wrong == {}


@pytest.mark.parametrize("place", NEVER_IN_ANY)
async def test_no_service_leaves_what_was_said_there(searched: Searched, place: str) -> None:
    """Events carry ids and facts, and nobody's words reach a log; a firm's name is nobody's."""
    hits = searched.hits(place, searched.others)
    assert {hit for hit in hits if not hit.endswith("/v1/contractors /name")} == set()


async def test_what_may_leave_is_found(searched: Searched) -> None:
    """The search can fail: a contractor's words are in repairs, a complaint's in complaints."""
    found = {place: "\n".join(searched.hits(place, searched.asb)) for place in MAY_BE}
    assert "/damage /for_contractor" in found["database of repairs"]
    assert "/survey/answers /comments" in found["database of complaints"]
    assert "/contact /email" in found["channel mailbox"]
    assert searched.hits("database of enquiries", searched.others), "the others' words are in their databases"


async def test_every_place_is_searched() -> None:
    """A service or a channel that is added later is searched too."""
    databases = {f"database of {service}" for service in DIRECTORY.names}
    channels = {f"channel {channel.name}" for channel in (Mailbox,)}
    assert databases | channels <= PLACES.keys()


async def test_every_export_is_searched() -> None:
    """A route that is added later, and answers with rows of a table, is searched too."""
    rows = {
        path
        for service in DIRECTORY.names
        for path, operations in app_of(service).openapi()["paths"].items()
        if "text/csv" in operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    }
    assert rows == EXPORTS.keys()


async def test_every_other_service_was_told(searched: Searched) -> None:
    """Canaries went to each of them."""
    services = {where.partition(" ")[0] for where in searched.others.sent.values()}
    print(json.dumps(Counter(where.partition(" ")[0] for where in searched.others.sent.values())))
    assert services == set(DIRECTORY.names) - {"asb"}
