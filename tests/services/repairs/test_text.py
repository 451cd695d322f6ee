"""Text in the requests of repairs: what nobody sees does not fill a field in, and firms are known by name."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.actions.telling import given_to, told
from tests.services.repairs.appointments.booking import booking, in_days, published, slot_of
from tests.services.repairs.reporting import REPORT, ago, assigned, reported

NOTHING = "\u200b\u2060\u00ad"
HOME, CONTACT = REPORT["property"], REPORT["contact"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"description": NOTHING}, "/description"),
        ({"property": {**HOME, "address": NOTHING}}, "/property/address"),
        ({"property": {**HOME, "postcode": NOTHING}}, "/property/postcode"),
        ({"property": {**HOME, "postcode": "?????"}}, "/property/postcode"),
        ({"property": {**HOME, "postcode": "RM1"}}, "/property/postcode"),
        ({"property": {**HOME, "uprn": "000"}}, "/property/uprn"),
        ({"property": {**HOME, "uprn": "١٢٣"}}, "/property/uprn"),
        ({"contact": {**CONTACT, "name": NOTHING}}, "/contact/name"),
        ({"contact": {**CONTACT, "access_needs": NOTHING}}, "/contact/access_needs"),
        ({"contact": {**CONTACT, "language": NOTHING}}, "/contact/language"),
        ({"contact": {"name": "Sam Jones", "phone": NOTHING}}, "/contact/phone"),
        ({"contact": {"name": "Sam Jones", "phone": "n/a n/a"}}, "/contact/phone"),
        ({"contact": {"name": "Sam Jones", "address": "N/A"}}, "/contact/address"),
    ],
    ids=ascii,
)
async def test_a_report_with_nothing_in_a_field_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, changes: dict[str, Any], pointer: str
) -> None:
    """It would have passed as filled in, and reached nobody."""
    answer = await repairs.post("/v1/repairs", json={**REPORT, **changes}, headers=callers.officer())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_everything_that_is_wrong_is_pointed_at_together(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Whoever fills in a form again does it once."""
    wrong = {"property": {**HOME, "postcode": "?"}, "contact": {"phone": "Mrs Jones (neighbour)"}}
    answer = await repairs.post("/v1/repairs", json={**REPORT, **wrong}, headers=callers.officer())
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert (answer.status_code, pointers) == (422, {"/property/postcode", "/contact/phone"})


async def test_what_is_kept_reads_as_it_was_typed(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """In one form of Unicode, single blanks, lines only where there is room for them."""
    home = {"uprn": "00010008352", "address": "1  Mercury\u00a0Gardens\nRomford", "postcode": "rm1-3sl"}
    case = await reported(
        repairs,
        callers.officer(),
        description="It drips.\r\n\r\n\r\nOn the bed \u200bnow.",
        property=home,
        contact={"name": "Emily  Bronte\u0308", "phone": "07700\u00a0900\u00a0123"},
    )
    assert case["description"] == "It drips.\n\nOn the bed now."
    assert case["property"] == {
        "uprn": "10008352",
        "property_reference": None,
        "address": "1 Mercury Gardens Romford",
        "postcode": "RM1 3SL",
    }
    shown = {name: case["contact"][name] for name in ("name", "phone", "phone_e164")}
    assert shown == {"name": "Emily Brontë", "phone": "07700 900 123", "phone_e164": "+447700900123"}


async def test_an_old_system_is_not_corrected(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Its postcodes and phone numbers are kept as text, in the one form where they have that."""
    importer = callers.officer(scopes=("import",))
    for typed, stored in (("see notes", "see notes"), ("11377", "11377"), ("rm13sl", "RM1 3SL")):
        case = await reported(
            repairs,
            importer,
            imported=True,
            received_at=ago(days=400),
            property={"address": "1 Mercury Gardens", "postcode": typed},
            contact={"phone": "n/a"},
        )
        assert (case["property"]["postcode"], case["contact"]["phone"]) == (stored, "n/a")
        assert case["contact"]["phone_e164"] is None


@pytest.mark.parametrize(
    ("act", "body", "pointer"),
    [
        ("cancellation", {"reason": NOTHING}, "/reason"),
        ("assignment", {"contractor": NOTHING}, "/contractor"),
        ("assignment", {"contractor": "Fixit", "handler": {"name": "Jo", "department": "estates"}}, None),
        ("updates", {"type": "no_access", "way": NOTHING}, "/way"),
        ("updates", {"type": "attended", "notes": NOTHING}, "/notes"),
        ("updates", {"type": "attended", "operative": NOTHING}, "/operative"),
    ],
    ids=ascii,
)
async def test_an_act_with_nothing_in_a_field_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, act: str, body: dict[str, Any], pointer: str | None
) -> None:
    """A reason of nothing is no reason; and a handler is of the department that the case is."""
    case = await reported(repairs, callers.officer())
    path = f"/v1/repairs/{case['reference']}/{act}"
    answer = await repairs.post(path, json=body, headers=callers.officer())
    assert answer.status_code == 422
    assert pointer in {None, *(error["pointer"] for error in answer.json()["errors"])}


async def test_a_handlers_department_is_read_as_a_name(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Officers write "Repairs"."""
    case = await reported(repairs, callers.officer())
    body = {"contractor": "Fixit", "handler": {"name": "Jo\u00a0Bloggs", "department": " REPAIRS"}}
    path = f"/v1/repairs/{case['reference']}/assignment"
    given = await repairs.post(path, json=body, headers=callers.officer("Repairs"))
    assert given.json()["handler"] == {"name": "Jo Bloggs", "department": "repairs", "subject": None}


SPELLINGS = ["demo-contractor", "Demo\u2011Contractor", "DEMO\u00a0CONTRACTOR"]


@pytest.mark.parametrize("name", SPELLINGS, ids=ascii)
async def test_a_firm_has_its_jobs_however_its_name_is_typed(
    repairs: httpx.AsyncClient, callers: Callers, name: str
) -> None:
    """The officer types it, and the token has it in its own way; it is kept as the firm is registered.

    Late words of a lost job come in as ever.
    """
    firm, officer = callers.as_role("phone-1", "contractor", name), callers.officer()
    job = await assigned(repairs, officer, "Demo-Contractor", received_at=ago(hours=1))
    reference, theirs = job["reference"], ago()
    assert job["contractor"] == "demo-contractor"
    seen = await repairs.get(f"/v1/repairs/{reference}", headers=firm)
    assert (seen.status_code, seen.json()["view"]) == (200, "contractor")
    assert (await told(repairs, reference, firm, type="attended", notes="At it.")).status_code == 201
    other_phone = callers.as_role("phone-2", "contractor", "Demo Contractor")
    read = await repairs.get(f"/v1/repairs/{reference}/updates", headers=other_phone)
    assert [update["notes"] for update in read.json()["items"]] == ["At it."]
    await given_to(repairs, reference, "Bodgit", officer)
    assert (await repairs.get(f"/v1/repairs/{reference}", headers=firm)).status_code == 404
    late = await told(repairs, reference, firm, type="attended", occurred_at=theirs, notes="Before that.")
    assert (late.status_code, late.json()["view"]) == (201, "past_contractor")


async def test_a_resident_names_a_second_contractor_by_its_name_as_they_know_it(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The firm that was late is not another one when it is spelled otherwise."""
    late = {"fault": "tap-not-turning", "received_at": ago(days=30)}
    case = await reported(repairs, callers.resident(), **late)
    await given_to(repairs, case["reference"], "FIXIT", callers.officer())
    await published(repairs, callers.contractor("Mendem"), in_days(2), trade="plumbing")
    path = f"/v1/repairs/{case['reference']}/second-contractor"
    same = await repairs.post(path, json={"contractor": "fix\u00adit"}, headers=callers.resident())
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (422, "/contractor")
    other = await repairs.post(path, json={"contractor": " MENDEM"}, headers=callers.resident())
    assert (other.status_code, other.json()["contractor"]) == (201, "Mendem")


async def test_the_slots_of_one_firm_are_one_firms(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Booked in its slot the job stays its own, and the visit is called off by no change of spelling."""
    officer = callers.officer()
    firm = callers.contractor("Demo-Contractor")
    slot = await published(repairs, firm, contractor="demo contractor")
    assert slot["contractor"] == "demo-contractor"
    refused = await repairs.post("/v1/slots", json=slot_of(in_days(2), contractor="Fixit"), headers=firm)
    assert refused.status_code == 403
    job = await assigned(repairs, officer, "DEMO CONTRACTOR")
    offered = await repairs.get(f"/v1/repairs/{job['reference']}/appointment-offers", headers=officer)
    assert [offer["slot_id"] for offer in offered.json()["items"]] == [slot["slot_id"]]
    booked = await booking(repairs, job["reference"], slot, officer)
    assert (booked.status_code, booked.json()["contractor"]) == (201, "demo-contractor")
    path = f"/v1/repairs/{job['reference']}/assignment"
    again = await repairs.post(path, json={"contractor": "demo-contractor"}, headers=officer)
    assert again.json()["appointment"]["slot_id"] == slot["slot_id"]
    for asked in ("Demo-Contractor", "demo contractor"):
        listed = await repairs.get("/v1/slots", params={"contractor": asked}, headers=officer)
        assert [each["slot_id"] for each in listed.json()["items"]] == [slot["slot_id"]]
