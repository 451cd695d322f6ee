"""One repair travels the whole house, whichever way it is run, and is kept to its promise."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.clock import system_clock
from tests.end_to_end.houses import COMPLETED, CONTRACTOR, RESIDENT, SAM, House, by
from tests.support.eventually import eventually

BY_URGENCY = ("repairs.emergency.made-safe", "repairs.priority-1.completed")


def ago(**time: float) -> datetime:
    return (system_clock() - timedelta(**time)).replace(microsecond=0)


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


async def emergency(house: House, hours: float) -> dict[str, Any]:
    """An emergency of so many hours ago; its two four-hour promises are broken after four."""
    return await house.report(fault="total-loss-of-water", received_at=instant(ago(hours=hours)))


async def test_a_repair_is_kept_to_its_promise(house: House) -> None:
    """Reported, acknowledged, given to a firm, done: its deadlines are met, its timeline in order."""
    await house.slot(days=1)
    case = await house.report(fault="tap-not-turning")
    reference = case["reference"]
    promised = {promise["standard"]: promise for promise in case["deadlines"]}
    assert promised["repairs.priority-2.completed"]["state"] == "running"
    watched = await house.deadlines(reference)
    assert {name: row["due_at"] for name, row in watched.items()} == {
        name: row["due_at"] for name, row in promised.items()
    }
    await house.notices(reference, "acknowledgement")

    job = f"/v1/repairs/{reference}"
    await house.act(f"{job}/assignment", {"contractor": CONTRACTOR, "handler": "Jo Bloggs"})
    for what in ("accepted", "en_route", "attended"):
        await house.act(f"{job}/updates", {"type": what}, by=CONTRACTOR)
    done = await house.act(f"{job}/updates", COMPLETED, by=CONTRACTOR)
    assert (done["status"], {promise["state"] for promise in done["deadlines"]}) == ("completed", {"met"})

    assert (await house.deadlines(reference, state="met")).keys() == promised.keys()
    await house.notices(reference, "completed")
    timeline = (await house.get(f"/v1/cases/{reference}/timeline", by=RESIDENT)).json()
    assert [entry["type"].removeprefix("repairs.") for entry in timeline["entries"]] == [
        "repair-reported",
        "acknowledgement",
        "repair-assigned",
        "repair-accepted",
        "operative-en-route",
        "repair-attended",
        "repair-completed",
        "completed",
    ]


async def test_the_resident_is_told_who_deals_with_it_and_by_when(house: House) -> None:
    """The acknowledgement is one letter to them, with the reference, the team, and each date promised."""
    case = await house.report()
    [told] = await house.notices(case["reference"], "acknowledgement")
    [letter] = house.letters(case["reference"], to=SAM)

    assert told["audience"] == "resident"
    assert told["receipt"] == f"{told['sent_with']}.eml"
    assert str(letter["To"]) == "Sam Jones <sam@example.org>"
    words = letter.get_content()
    for expected in (case["reference"], "the repairs team", by(case["deadlines"][0]["due_at"])):
        assert expected in words


async def test_a_request_is_followed_by_its_id_through_every_process(house: House) -> None:
    """The id that a front end gave its POST is logged by the gateway, the owner and notifications."""
    request_id = f"report-{system_clock():%H%M%S%f}"
    body = {
        "property": {"address": "2 High Street", "postcode": "RM1 1AA"},
        "fault": "loss-of-gas",
        "description": "The meter of Mrs Unmistakable is off.",
        "channel": "online",
        "contact": {"name": "Mrs Unmistakable", "email": "unmistakable@example.org"},
    }
    answer = await house.post("/v1/repairs", body, by=RESIDENT, request_id=request_id)
    assert answer.headers["X-Request-ID"] == request_id
    await house.notices(answer.json()["reference"], "acknowledgement")

    async def is_everywhere() -> bool:
        told = {line["service"] for line in house.log() if line["request_id"] == request_id}
        return {"gateway", "repairs", "notifications"} <= told

    await eventually(is_everywhere)
    assert "nmistakable" not in str(house.log())


async def test_an_emergency_of_five_hours_ago_is_announced_within_five_seconds(house: House) -> None:
    """Due after four hours, it is broken when it is reported; the department hears so at once."""
    case = await emergency(house, hours=5)
    reported_at = system_clock()
    states = {promise["standard"]: promise["state"] for promise in case["deadlines"]}
    assert {states[standard] for standard in BY_URGENCY} == {"breached"}

    breaches = await house.notices(case["reference"], "breach")
    assert {(notice["standard"], notice["audience"]) for notice in breaches} == {
        (standard, "department") for standard in BY_URGENCY
    }
    sent = [datetime.fromisoformat(notice["sent_at"]) for notice in breaches]
    assert max(sent) - reported_at < timedelta(seconds=5)


async def test_a_late_fact_takes_a_breach_back(house: House) -> None:
    """Done an hour before it was due and uploaded after the breach: withdrawn, visibly, and told so."""
    case = await emergency(house, hours=4.5)
    reference = case["reference"]
    await house.notices(reference, "breach")

    done = COMPLETED | {"occurred_at": instant(ago(hours=1.5))}
    await house.act(f"/v1/repairs/{reference}/updates", done)

    await house.deadlines(reference, state="met")
    withdrawn = await house.notices(reference, "breach", status="withdrawn")
    taken_back = await house.notices(reference, "withdrawal")
    assert {(n["standard"], n["audience"]) for n in taken_back} == {
        (n["standard"], n["audience"]) for n in withdrawn
    }
    told = [letter.get_content() for letter in house.letters(reference)]
    assert sum("That is taken back." in text for text in told) == 1
    entries = (await house.get(f"/v1/cases/{reference}/timeline")).json()["entries"]
    assert {"breach", "withdrawal"} <= {entry["type"] for entry in entries}
