"""Text messages by GOV.UK Notify: each opens an enquiry, joins a case or is filed, and none twice."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.enquiries.policy.texts import asks_to_stop
from services.enquiries.service.texts import number_of
from shared.clients.service_client import ServiceClient
from shared.clock import Clock
from shared.errors import Unauthenticated
from shared.settings import Settings
from tests.services.asb.cases import Cases
from tests.services.callers import NOTIFY_TOKEN, Callers, Headers
from tests.services.enquiries.asking import Desk
from tests.services.enquiries.test_joining import CANARY, desk_settings, facts_of, holding, read
from tests.services.enquiries.test_mail import recorded
from tests.services.lines import Line
from tests.services.repairs.reporting import REPORT
from tests.support.in_process import InProcess

INBOUND = "/v1/callbacks/notify/inbound"
NUMBER = "+447700900123"


def text(words: str, source: str = "447700900123", **changes: Any) -> dict[str, Any]:
    """A text message in the fields of Notify's documentation."""
    sent: dict[str, Any] = {
        "id": str(uuid4()),
        "source_number": source,
        "destination_number": "07700900456",
        "message": words,
        "date_received": "2026-11-23T09:30:00.000000Z",  # a Monday
    }
    return {**sent, **changes}


async def call_back(desk: Desk, body: dict[str, Any], headers: Headers | None = None) -> httpx.Response:
    by = desk.callers.notify() if headers is None else headers
    return await desk.client.post(INBOUND, json=body, headers=by)


async def taken(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    answer = await call_back(desk, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_text_becomes_an_enquiry_once(desk: Desk, services: InProcess) -> None:
    """Notify calls back until it hears that it was taken; whoever wrote it is answered by text."""
    body = text("Where do the bins go? 🗑️", added_by_notify_one_day="passed over")
    first, again = await taken(desk, body), await taken(desk, body)
    assert (first, first["outcome"], first["written_by"]) == (again, "enquiry", "person")
    [case] = (await desk.read("enquiries"))["items"]
    assert (case["channel"], case["message"]) == ("mobile", "Where do the bins go? 🗑️")
    contact = case["contact"]
    assert (contact["phone_e164"], contact["preferred_channel"]) == (NUMBER, "mobile")
    assert [row["standard"] for row in case["deadlines"]] == ["enquiries.promised-answer"]
    [kept] = (await desk.read(f"enquiries/{first['reference']}/messages"))["items"]
    assert (kept["kind"], kept["written_by"]) == ("text", NUMBER)
    [received] = await facts_of(services, "enquiries", first["reference"])
    assert '"acknowledge": true' in received[1]
    assert "7700" not in received[1]


async def test_a_text_joins_the_enquiry_that_it_quotes(desk: Desk, services: InProcess) -> None:
    """As people type a reference on a telephone; two texts of the same words are two."""
    reference = (await desk.ask())["reference"]
    typed = reference.replace("-", " ").lower()
    for _ in range(2):
        joined = await taken(desk, text(f"About {typed}: which left?"))
        assert (joined["reference"], joined["outcome"]) == (reference, "reply")
    assert await recorded(services, reference) == ["enquiry-received", "reply-received", "reply-received"]


async def test_a_very_long_text_is_kept_whole(desk: Desk) -> None:
    """Telephones join what they send in parts."""
    words = "The lift is broken. " * 400
    reference = (await taken(desk, text(words)))["reference"]
    assert (await desk.read(f"enquiries/{reference}"))["message"] == words.strip()


async def test_a_text_that_asks_for_no_more_is_not_answered_by_one(desk: Desk, services: InProcess) -> None:
    """An officer corrects how to reach its writer: a machine cannot know which cases are theirs."""
    reference = (await taken(desk, text("Stop.")))["reference"]
    case = await desk.read(f"enquiries/{reference}")
    assert case["subject"] == "Please send me no more text messages"
    [received] = await facts_of(services, "enquiries", reference)
    assert '"acknowledge": false' in received[1]


@pytest.mark.parametrize(
    ("words", "is_asked"),
    [
        ("STOP", True),
        ("stop!!", True),
        ("Opt-out", True),
        ("Stop all", True),
        ("Please stop the noise", False),
        ("Cancel", False),
        ("The bus stop is full of rubbish", False),
        ("🛑", False),
    ],
)
def test_a_word_to_stop_stands_alone(words: str, *, is_asked: bool) -> None:
    """Among others it is a word like any other."""
    assert asks_to_stop(words) is is_asked


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("447700900123", NUMBER),
        ("07700 900123", NUMBER),
        ("+447700900123", NUMBER),
        ("33612345678", "+33612345678"),
        ("60006", None),
        ("NHS-NoReply", None),
    ],
)
def test_a_number_is_known_in_any_form(source: str, number: str | None) -> None:
    """Notify leaves the plus sign out; a short code or a name can be answered by nobody."""
    assert number_of(source) == number


async def test_a_machines_text_is_filed_and_answered_by_nobody(desk: Desk) -> None:
    """Two machines would write to each other for ever."""
    filed = await taken(desk, text("Your parcel is here", "NHS-NoReply"))
    assert (filed["reference"], filed["outcome"], filed["written_by"]) == (None, "filed", "machine")
    [listed] = (await desk.read("mail"))["items"]
    assert (listed["sender"], listed["text"]) == ("NHS-NoReply", "Your parcel is here")
    assert (await desk.read("enquiries"))["items"] == []


async def test_a_text_about_a_repair_is_with_the_repair_alone(
    desk: Desk, repairs: httpx.AsyncClient, callers: Callers, services: InProcess, owner: Line
) -> None:
    """However often it comes; its handler is told by an event that says nothing of it."""
    answer = await repairs.post("/v1/repairs", json=REPORT, headers=callers.officer())
    reference = str(answer.json()["reference"])
    body = text(f"When do you come about {reference}?")
    first, again = await taken(desk, body), await taken(desk, body)
    assert first == again == {"reference": reference, "outcome": "joined", "written_by": "person"}
    [kept] = (await read(repairs, f"/v1/repairs/{reference}/attachments", callers.officer()))["items"]
    words = await repairs.get(f"/v1/repairs/{reference}/attachments/{kept['id']}", headers=callers.officer())
    assert words.text.splitlines()[:2] == [f"From: {NUMBER}", "Subject: Text message"]
    told = [facts for type, facts in await facts_of(services, "repairs", reference) if "text" in type]
    assert told == ["{}"]
    assert await holding(services, "enquiries", "When do you come") == []


async def test_nothing_of_a_text_about_anti_social_behaviour_stays_here(
    desk: Desk,
    clock: Clock,
    callers: Callers,
    services: InProcess,
    inside: dict[str, Line],
    owner: Line,
) -> None:
    """It is in the diary before the answer; while asb is away Notify is asked to come again."""
    cases = Cases(await services.serve(await services.state("asb", clock)), callers)
    reference = (await cases.report())["reference"]
    body = text(f"{CANARY}. {reference}")
    way = inside[desk_settings(services).service_url("asb")]
    way.is_cut = True
    assert (await call_back(desk, body)).status_code == 503
    way.is_cut = False
    for _ in range(2):
        assert (await taken(desk, body))["outcome"] == "joined"
    diary = (await read(cases.client, f"/v1/asb/{reference}/diary", cases.officer()))["items"]
    [said] = [entry["said"] for entry in diary if entry["act"] == "text"]
    assert (CANARY in said["message"], said["from"]) == (True, NUMBER)
    assert await holding(services, "enquiries", "CANARY") == []
    assert await holding(services, "enquiries", "7700900123") == []
    assert await holding(services, "asb", "CANARY") == [], "it is encrypted there"


async def test_a_text_that_quotes_a_case_that_nobody_has_is_an_enquiry(desk: Desk, owner: Line) -> None:
    """About that reference, with the department whose it would be."""
    assert (await taken(desk, text("REP-7K3M-Q9TR?")))["outcome"] == "enquiry"
    of_repairs = desk.callers.officer_named("bo", "repairs")
    page = await desk.read("enquiries", of_repairs, about_reference="REP-7K3M-Q9TR")
    assert [case["channel"] for case in page["items"]] == ["mobile"]


async def test_only_notify_brings_texts(desk: Desk) -> None:
    """By the secret that was agreed with it: no other will do, nor the token of a person."""
    by: list[Headers] = [{}, {"Authorization": "Bearer a secret"}, desk.officer("mail")]
    statuses = [(await call_back(desk, text("Hm"), headers)).status_code for headers in by]
    assert statuses == [401, 401, 403]


@pytest.mark.parametrize("token", [NOTIFY_TOKEN, ""])
async def test_without_a_secret_nobody_is_notify(token: str) -> None:
    """A deployment that has no number there takes no text."""
    verifier = ServiceClient("enquiries", Settings(), {}).verifier()
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"message": ""}, "/message"),
        ({"message": "\u200b"}, "/message"),
        ({"id": "1"}, "/id"),
        ({"source_number": ""}, "/source_number"),
        ({"date_received": "yesterday"}, "/date_received"),
    ],
)
async def test_what_notify_does_not_send_is_refused_where_it_is_wrong(
    desk: Desk, changes: dict[str, Any], pointer: str
) -> None:
    """Nothing is kept of it."""
    answer = await call_back(desk, text("Hm", **changes))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
