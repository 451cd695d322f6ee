"""A repair that its resident pays for: quoted, signed by the resident, declined, or let off."""

import base64
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.recharges.quoting import QUOTE, SIGNATURE, about_charge, act, quoted, seen
from tests.services.repairs.reporting import COMPLETED, ago, assigned, reported
from tests.support.images import TELLTALE, opened, png


async def test_the_resident_sees_what_they_would_pay(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Cost, administration charge and total, exact to the penny, and why it is theirs to pay."""
    case = await reported(repairs, callers.resident())
    answer = await act(repairs, case["reference"], "recharge", callers.officer(), QUOTE)
    assert answer.status_code == 201
    assert answer.json()["version"] == case["version"] + 1
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
    charge = (await seen(repairs, case["reference"], callers.resident()))["recharge"]
    assert charge == answer.json()["recharge"]
    assert charge["status"] == "quoted"
    sums = (charge["estimated_cost"], charge["administration_charge"], charge["total"])
    assert sums == ("120.00", "18.00", "138.00")
    assert charge["reason"] == "The door was kicked in."


@pytest.mark.parametrize("update", [{"type": "attended"}, COMPLETED], ids=["attended", "completed"])
async def test_work_does_not_start_unsigned(
    repairs: httpx.AsyncClient, callers: Callers, update: dict[str, Any]
) -> None:
    """The firm is told 409 and what would help; once it is signed the same update is taken."""
    case = await quoted(repairs, callers.officer())
    refused = await act(repairs, case["reference"], "updates", callers.contractor(), update)
    assert refused.status_code == 409
    assert refused.json()["allowed"] == ["handback", "hazard"]  # that act was refused; its detail says more
    assert "these updates: accepted, en_route, made_safe, no_access." in refused.json()["detail"]
    assert (await seen(repairs, case["reference"], callers.officer()))["version"] == case["version"]
    signed = await act(repairs, case["reference"], "recharge/signature", callers.officer(), SIGNATURE)
    assert signed.json()["recharge"]["status"] == "signed"
    taken = await act(repairs, case["reference"], "updates", callers.contractor(), update)
    assert taken.status_code == 201


async def test_in_a_batch_only_the_unsigned_job_is_refused(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The other jobs of the same upload stand."""
    unsigned = (await quoted(repairs, callers.officer()))["reference"]
    ordinary = (await assigned(repairs, callers.officer()))["reference"]
    updates = [{"reference": reference, **COMPLETED} for reference in (unsigned, ordinary)]
    answer = await repairs.post(
        "/v1/repairs/updates", json={"updates": updates}, headers=callers.contractor()
    )
    assert [result["status"] for result in answer.json()["results"]] == [409, 201]


async def test_an_emergency_is_made_safe_whoever_pays(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The four hours run; the danger is removed, and only the completion waits for the signature."""
    case = await quoted(repairs, callers.officer(), fault="insecure-window-door-or-lock")
    for update in ({"type": "attended"}, {"type": "made_safe"}):
        answer = await act(repairs, case["reference"], "updates", callers.contractor(), update)
        assert answer.status_code == 201
    answer = await act(repairs, case["reference"], "updates", callers.contractor(), COMPLETED)
    assert answer.status_code == 409


async def test_damage_the_resident_caused_is_quoted_for_before_the_work(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The report says so, and no work starts before they have been told what it costs, and signed."""
    job = await assigned(repairs, callers.officer(), caused_by_resident=True)
    for caller, allowed in (
        (callers.contractor(), []),
        (callers.officer(), ["recharge", "recharge/waiver"]),
    ):
        refused = await act(repairs, job["reference"], "updates", caller, COMPLETED)
        assert (refused.status_code, about_charge(refused)) == (409, allowed)
    for path, body in (("recharge", QUOTE), ("recharge/signature", SIGNATURE)):
        await act(repairs, job["reference"], path, callers.officer(), body)
    answer = await act(repairs, job["reference"], "updates", callers.contractor(), COMPLETED)
    assert answer.json()["status"] == "completed"


async def test_work_done_before_the_quote_is_taken_however_late_it_is_told(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A phone without signal must not lose what was rightly done."""
    case = await quoted(repairs, callers.officer(), received_at=ago(hours=6))
    done = {**COMPLETED, "occurred_at": ago(hours=1)}
    answer = await act(repairs, case["reference"], "updates", callers.contractor(), done)
    assert answer.json()["status"] == "completed"


async def test_a_firm_does_not_sign_for_the_resident(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """It would be paid by its own word; it sees the sums, and neither the reason nor who signed."""
    case = await quoted(repairs, callers.officer())
    path, firm = "recharge/signature", callers.contractor()
    assert (await act(repairs, case["reference"], path, firm, SIGNATURE)).status_code == 403
    assert (await act(repairs, case["reference"], path, callers.officer(), SIGNATURE)).status_code == 201
    assert (await seen(repairs, case["reference"], firm))["recharge"] == {
        "status": "signed",
        "estimated_cost": "120.00",
        "administration_charge": "18.00",
        "total": "138.00",
    }


async def test_who_signed_and_who_recorded_it_are_kept_apart(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An officer records what the resident signed; where the resident signs here, nobody else did."""
    for signs, recorded_by in ((callers.officer(), "officer-7"), (callers.resident(), None)):
        case = await reported(repairs, callers.resident())
        path = f"/v1/repairs/{case['reference']}/recharge"
        await act(repairs, case["reference"], "recharge", callers.officer(), QUOTE)
        await act(repairs, case["reference"], "recharge/signature", signs, SIGNATURE)
        for reads in (callers.officer(), callers.resident()):
            shown = (await seen(repairs, case["reference"], reads))["recharge"]
            kept = (await repairs.get(path, headers=reads)).json()
            for charge in (shown, kept):
                assert (charge["signed_by"], charge["recorded_by"]) == ("Sam Jones", recorded_by)
            assert kept["signature"] == "Sam Jones"


def data_url(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


async def test_a_drawn_signature_says_nothing_of_where_it_was_drawn(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The hand is kept as it was drawn, without what the device noted with it."""
    case = await quoted(repairs, callers.officer())
    drawn = {**SIGNATURE, "signature": data_url(png())}
    answer = await act(repairs, case["reference"], "recharge/signature", callers.officer(), drawn)
    assert answer.status_code == 201, answer.text
    charge = await repairs.get(f"/v1/repairs/{case['reference']}/recharge", headers=callers.officer())
    head, _, encoded = charge.json()["signature"].partition(",")
    kept = base64.b64decode(encoded)
    assert (head, opened(kept).tobytes()) == ("data:image/png;base64", opened(png()).tobytes())
    assert [word for word in TELLTALE if word in kept] == []


@pytest.mark.parametrize(
    "signature",
    [data_url(b"no picture"), data_url(b"<svg/>", "image/svg+xml"), "data:image/png;base64,?", "data:,Sam"],
)
async def test_a_drawn_signature_is_a_picture(
    repairs: httpx.AsyncClient, callers: Callers, signature: str
) -> None:
    """One that cannot be read is refused while the resident is there to sign again."""
    case = await quoted(repairs, callers.officer())
    drawn = {**SIGNATURE, "signature": signature}
    answer = await act(repairs, case["reference"], "recharge/signature", callers.officer(), drawn)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/signature")


async def test_a_quote_is_replaced_until_it_is_signed(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The resident signs for the latest; what was signed is not changed behind their back."""
    case = await quoted(repairs, callers.officer())
    dearer = {**QUOTE, "estimated_cost": "150.50"}
    answer = await act(repairs, case["reference"], "recharge", callers.officer(), dearer)
    assert answer.json()["recharge"]["total"] == "168.50"
    await act(repairs, case["reference"], "recharge/signature", callers.officer(), SIGNATURE)
    for path, body in (("recharge", QUOTE), ("recharge/signature", SIGNATURE)):
        again = await act(repairs, case["reference"], path, callers.officer(), body)
        assert (again.status_code, about_charge(again)) == (409, ["recharge/waiver"])
    assert (await seen(repairs, case["reference"], callers.officer()))["recharge"]["total"] == "168.50"


async def test_a_new_quote_does_not_excuse_work_begun_under_the_old_one(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Work has waited for a signature since the first quote, whatever was quoted after it."""
    case = await quoted(repairs, callers.officer())
    between = {**COMPLETED, "occurred_at": ago()}
    await act(repairs, case["reference"], "recharge", callers.officer(), QUOTE)
    answer = await act(repairs, case["reference"], "updates", callers.contractor(), between)
    assert answer.status_code == 409


async def test_a_declined_quote_closes_the_repair(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Its promises fall away, and nothing more can be done to it."""
    case = await reported(repairs, callers.resident())
    await act(repairs, case["reference"], "recharge", callers.officer(), QUOTE)
    no = {"reason": "I will mend it myself."}
    answer = await act(repairs, case["reference"], "recharge/decline", callers.resident(), no)
    assert (answer.status_code, answer.json()["status"]) == (201, "cancelled")
    assert answer.json()["recharge"]["ended_because"] == "I will mend it myself."
    assert {row["state"] for row in answer.json()["deadlines"]} == {"cancelled"}
    for path, body in (("recharge", QUOTE), ("recharge/signature", SIGNATURE), ("updates", COMPLETED)):
        again = await act(repairs, case["reference"], path, callers.officer(), body)
        assert (again.status_code, again.json()["allowed"]) == (409, ["contact"])


async def test_an_officer_lets_a_resident_off(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Quoted or not: a victim does not pay for the door that somebody else kicked in."""
    job = await assigned(repairs, callers.officer(), caused_by_resident=True)
    because = {"reason": "Done by the ex-partner; see the police's number."}
    answer = await act(repairs, job["reference"], "recharge/waiver", callers.officer(), because)
    assert (answer.json()["recharge"]["status"], answer.json()["recharge"]["total"]) == ("waived", None)
    done = await act(repairs, job["reference"], "updates", callers.contractor(), COMPLETED)
    assert done.status_code == 201


@pytest.mark.parametrize("path", ["recharge/signature", "recharge/decline"])
async def test_what_was_not_quoted_is_neither_signed_nor_declined(
    repairs: httpx.AsyncClient, callers: Callers, path: str
) -> None:
    """The answer says what would come first."""
    job = await assigned(repairs, callers.officer())
    body: dict[str, Any] = SIGNATURE if path.endswith("signature") else {"reason": "No."}
    answer = await act(repairs, job["reference"], path, callers.officer(), body)
    assert (answer.status_code, about_charge(answer)) == (409, ["recharge", "recharge/waiver"])
    nothing = await repairs.get(f"/v1/repairs/{job['reference']}/recharge", headers=callers.officer())
    assert nothing.status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"estimated_cost": "120.005"}, "/estimated_cost"),
        ({"estimated_cost": "-1.00"}, "/estimated_cost"),
        ({"estimated_cost": "0.00"}, "/estimated_cost"),
        ({"estimated_cost": "1000000.00"}, "/estimated_cost"),
        ({"estimated_cost": "NaN"}, "/estimated_cost"),
        ({"estimated_cost": "about 100"}, "/estimated_cost"),
        ({"administration_charge": "-0.01"}, "/administration_charge"),
        ({"reason": " "}, "/reason"),
        ({"vat": "20.00"}, ""),
    ],
)
async def test_a_sum_that_cannot_be_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, changes: dict[str, str], pointer: str
) -> None:
    """Half pence, nothing, less than nothing, and words are no sums."""
    job = await assigned(repairs, callers.officer())
    answer = await act(repairs, job["reference"], "recharge", callers.officer(), {**QUOTE, **changes})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("minutes_ago", [60, -5], ids=["before the quote", "future"])
async def test_nobody_signs_before_the_quote_or_in_the_future(
    repairs: httpx.AsyncClient, callers: Callers, minutes_ago: int
) -> None:
    """A signature has a time that can be."""
    case = await quoted(repairs, callers.officer(), received_at=ago(hours=6))
    signature = {**SIGNATURE, "occurred_at": ago(minutes=minutes_ago)}
    answer = await act(repairs, case["reference"], "recharge/signature", callers.officer(), signature)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/occurred_at")


async def test_a_signature_told_to_the_second_of_the_quote_is_taken(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A doorstep device leaves the fraction out; the signature counts from the quote, not from before it."""
    case = await quoted(repairs, callers.officer(), received_at=ago(hours=6))
    quoted_at = case["recharge"]["quoted_at"]
    assert "." in quoted_at
    signature = {**SIGNATURE, "occurred_at": f"{quoted_at.partition('.')[0]}Z"}
    answer = await act(repairs, case["reference"], "recharge/signature", callers.officer(), signature)
    assert (answer.status_code, answer.json()["recharge"]["signed_at"]) == (201, quoted_at)


async def test_who_may_do_what_about_a_charge(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Officers quote, let off and record a signature, the resident signs or declines, a firm does neither."""
    reference = (await quoted(repairs, callers.officer()))["reference"]
    no = {"reason": "No."}
    for path, body, headers, status in (
        ("recharge", QUOTE, callers.resident(), 403),
        ("recharge", QUOTE, callers.contractor(), 403),
        ("recharge/waiver", no, callers.resident(), 403),
        ("recharge/decline", no, callers.contractor(), 403),
        ("recharge/decline", no, callers.resident("kim"), 404),
        ("recharge/signature", SIGNATURE, callers.resident("kim"), 404),
        ("recharge/signature", SIGNATURE, callers.contractor(), 403),
        ("recharge/signature", SIGNATURE, callers.frontend(), 403),
    ):
        assert (await act(repairs, reference, path, headers, body)).status_code == status, path
    assert (await seen(repairs, reference, callers.officer()))["recharge"]["status"] == "quoted"


async def test_old_cases_are_brought_over_as_they_were(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Signatures given then are in the old system's files: imported history waits for nothing."""
    officer = callers.officer(scopes=["import"])
    case = await reported(repairs, officer, imported=True, caused_by_resident=True, received_at=ago(days=9))
    answer = await act(repairs, case["reference"], "updates", officer, COMPLETED)
    assert answer.status_code == 201
