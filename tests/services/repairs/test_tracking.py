"""Following a repair by reference, surname and postcode; nobody learns which of them was wrong."""

import asyncpg
import httpx
import pytest

from shared.references import new_reference
from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import published
from tests.services.repairs.reporting import REPORT, ago, reported
from tests.support.in_process import InProcess
from tests.support.plans import statements_of

KNOWN = {"surname": "Jones", "postcode": "RM1 1AA"}


async def tracked(
    client: httpx.AsyncClient, reference: str, headers: Headers, **known: str
) -> httpx.Response:
    return await client.post(f"/v1/repairs/{reference}/tracking", json=KNOWN | known, headers=headers)


def words_of(answer: httpx.Response) -> str:
    """An answer without its trace id, which differs with every request."""
    return str({**answer.json(), "trace_id": ""})


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Sam Jones", " jones\u00a0"),
        ("Emily Brontë", "Bronte\u0308"),
        ("Emily Bronte\u0308", "BRONTË"),
        ("Mary O’Brien", "O'Brien"),
        ("Mary O'Brien", "o’brien"),
        ("Mary\u00a0O'Brien", "O'Brien"),
        ("Mary\nO'Brien", "O'Brien"),
        ("O'Brien, Mary", "O'Brien"),
        ("Anna van der Berg", "van der Berg"),
        ("Ann Smith-Jones", "Smith Jones"),
        ("Ann Smith Jones", "smith–jones"),
    ],
    ids=ascii,
)
async def test_a_surname_is_right_however_it_is_typed(
    repairs: httpx.AsyncClient, callers: Callers, name: str, surname: str
) -> None:
    """Phones and desks type other apostrophes, accents and blanks for one name."""
    contact = {"name": name, "phone": "01708 434343"}
    case = await reported(repairs, callers.officer(), contact=contact)
    answer = await tracked(repairs, case["reference"], callers.frontend(), surname=surname)
    assert answer.status_code == 200
    assert answer.json()["contact"] is None


@pytest.mark.parametrize(
    "postcode", ["RM1 3SL", "rm13sl", "RM1  3SL", "RM1\u00a03SL", "RM1\t3SL", "RM1-3SL"], ids=ascii
)
async def test_a_postcode_is_kept_in_one_form_and_tracked_in_any(
    repairs: httpx.AsyncClient, callers: Callers, postcode: str
) -> None:
    """So a home typed at the desk is found by whoever types it at home."""
    home = {"address": "1 Mercury Gardens", "postcode": postcode}
    case = await reported(repairs, callers.officer(), property=home)
    assert case["property"]["postcode"] == "RM1 3SL"
    for asked in (postcode, "RM1 3SL", "Rm13sL"):
        assert (
            await tracked(repairs, case["reference"], callers.frontend(), postcode=asked)
        ).status_code == 200


async def test_whatever_is_wrong_is_answered_in_the_same_words_after_the_same_work(
    repairs: httpx.AsyncClient, services: InProcess, callers: Callers
) -> None:
    """Surname, postcode, reference, or a victim's case that must not be found: nobody can tell which.

    Not by the time that it takes either: the same statements are sent to the database, and no others.
    """
    website, state = callers.frontend(), services.states["repairs"]
    case = await reported(repairs, website)
    unsafe = await reported(repairs, website, contact={**REPORT["contact"], "safe_to_contact": False})
    importer = callers.officer(scopes=("import",))
    old = await reported(repairs, importer, imported=True, received_at=ago(days=9))
    await state.relay.stop()  # whose statements would be among those of the requests

    async def refused(reference: str, **known: str) -> tuple[int, str, list[str]]:
        with statements_of(state.database) as sent:
            answer = await tracked(repairs, reference, website, **known)
        return answer.status_code, words_of(answer), [statement for statement, _ in sent]

    status, words, statements = await refused(case["reference"], surname="Smith")
    assert (status, len(statements)) == (404, 1)
    for alike in (
        await refused(case["reference"], surname="%"),
        await refused(case["reference"], postcode="RM1 1AB"),
        await refused(case["reference"], postcode="?????"),
        await refused(new_reference("REP")),
        await refused(unsafe["reference"]),
        await refused(old["reference"]),
    ):
        assert alike == (status, words, statements)
    assert (await refused("nonsense"))[:2] == (status, words)  # no case can have it, so none is looked for
    assert (await tracked(repairs, case["reference"], website)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"surname": "Jones"}, "/postcode"),
        ({"postcode": "RM1 1AA"}, "/surname"),
        (KNOWN | {"surname": "\u200b"}, "/surname"),
        (KNOWN | {"email": "sam@example.org"}, ""),
    ],
)
async def test_both_are_asked_for(
    repairs: httpx.AsyncClient, callers: Callers, body: dict[str, str], pointer: str
) -> None:
    """One of them is in every street."""
    case = await reported(repairs, callers.frontend())
    path = f"/v1/repairs/{case['reference']}/tracking"
    answer = await repairs.post(path, json=body, headers=callers.frontend())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("who", ["resident", "officer", "contractor", "ops"])
async def test_only_a_front_end_tracks(repairs: httpx.AsyncClient, callers: Callers, who: str) -> None:
    """Everybody else reads what is theirs."""
    case = await reported(repairs, callers.resident())
    answer = await tracked(repairs, case["reference"], getattr(callers, who)())
    assert answer.status_code == 403


async def test_tracking_changes_nothing_and_stores_no_key(
    repairs: httpx.AsyncClient, callers: Callers, repairs_database: str
) -> None:
    """Two askers with one key, of two cases, are both answered, and nothing is replayed."""
    website = callers.frontend()
    cases = [await reported(repairs, website) for _ in range(2)]
    keyed = website | {"Idempotency-Key": "asked once", "If-Match": '"7"'}
    for case in cases:
        answer = await tracked(repairs, case["reference"], keyed)
        assert (answer.status_code, answer.json()["reference"]) == (200, case["reference"])
        assert answer.headers["ETag"] == f'"{case["version"]}"'
        assert not answer.headers.keys() & {"idempotent-replayed", "location"}
    connection = await asyncpg.connect(repairs_database)
    try:
        assert await connection.fetchval("SELECT count(*) FROM idempotency_keys") == 0
    finally:
        await connection.close()


async def test_a_front_end_is_shown_slots_and_acts_of_what_it_brought_alone(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It acts for nobody else's resident, and so is offered nothing there."""
    slot = await published(repairs, callers.contractor())
    own = await reported(repairs, callers.frontend())
    answer = (await tracked(repairs, own["reference"], callers.frontend())).json()
    assert [offer["slot_id"] for offer in answer["appointment_offers"]] == [slot["slot_id"]]
    assert answer["allowed"] == ["appointment"]
    by_phone = await reported(repairs, callers.officer())
    answer = (await tracked(repairs, by_phone["reference"], callers.frontend())).json()
    assert (answer["appointment_offers"], answer["allowed"]) == ([], [])


async def test_a_safe_contact_that_becomes_unsafe_is_tracked_no_more(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """From the moment that somebody says so."""
    case = await reported(repairs, callers.frontend())
    path = f"/v1/repairs/{case['reference']}/contact"
    body = {"safe_to_contact": False}
    assert (await repairs.post(path, json=body, headers=callers.officer())).status_code == 201
    assert (await tracked(repairs, case["reference"], callers.frontend())).status_code == 404
