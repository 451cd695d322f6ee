"""Effects of an act: told of this case, before it is done, and never what is not so."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from services.board.acts.effects import EFFECTS, Effect
from services.board.acts.forms import Kind
from services.board.acts.tables import form_of
from services.board.presenting.effects import NOTHING, OF_STAGE_TWO, what_follows
from services.complaints import policy
from shared.clock import system_clock
from shared.standards.catalogue import Catalogue
from tests.services.board.desk import ASB_OFFICER, CONTACT, OFFICER, Desk
from tests.services.board.test_acts import UNDERSTOOD
from tests.support.eventually import eventually

# The events that meet promises and that no form records.
NO_FORM_RECORDS: Mapping[str, str] = {
    "letter-arrived": "the letter does, when it arrives",
    "contact-corrected": "only where an address is among what is corrected",
    "preventive-steps-taken": "it depends on what was done before",
    "preventive-work-begun": "it depends on what was done before",
    "adjustments-agreed": "one of the two, by whether any are given",
    "adjustments-ended": "one of the two, by whether any are given",
}
ENQUIRY = {"channel": "email", "kind": "enquiry", "subject": "Bins", "message": "When?", "contact": CONTACT}
NOISE = {"category": "noise", "description": "Shouting", "channel": "phone", "contact": CONTACT}
HANDLER = {"name": "Ola Reyes", "subject": "ola"}


async def said(desk: Desk, reference: str, act: str, person: str = OFFICER) -> str:
    """The words above the form of an act."""
    page = (await (await desk.browser(person)).get(f"/board/cases/{reference}/{act}")).text
    above = page.partition('id="follows"')[2].partition("<form")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", above)).split())


async def state_of(desk: Desk, reference: str, standard: str, person: str = OFFICER) -> str:
    """The state of a promise, as the interface has it."""
    answer = (await (await desk.acting(person)).get(f"/v1/cases/{reference}/deadlines")).json()
    return str(next(each["state"] for each in answer["deadlines"] if each["standard"] == standard))


@pytest.mark.parametrize(("prefix", "act"), EFFECTS)
def test_the_effects_are_of_forms_and_events_that_there_are(prefix: str, act: str) -> None:
    """Each answer is one that its field offers, and each fact one that the event has."""
    form, vocabulary = form_of(prefix, act), Catalogue.bundled().vocabulary
    assert form is not None
    for records in EFFECTS[prefix, act].records:
        facts = vocabulary.facts_of(records.event)
        assert {*records.facts, *records.gives} <= {*facts}
        for name, codes in records.answers.items():
            [field] = [each for each in form.fields if each.name == name]
            offered = {"yes", "no"} if field.kind is Kind.YES_NO else {*field.choices}
            assert {*codes} <= offered


def test_every_event_that_meets_a_promise_is_of_a_form_or_has_a_reason() -> None:
    """No new standard is forgotten; but whatever staff do sees to a case that nobody was told of."""
    standards = [row for row in Catalogue.bundled().standards if not row.id.endswith(".staff.told")]
    meeting = {each.event for row in standards for each in row.met_by}
    known = {records.event for effect in EFFECTS.values() for records in effect.records}
    assert {event.partition(".")[2] for event in meeting - known} == {*NO_FORM_RECORDS}


def test_the_stage_of_a_complaint_is_that_of_its_status() -> None:
    """The board counts stages as complaints does."""
    later = {str(status) for status in policy.Status if policy.stage_of(status) == 2}
    assert later == OF_STAGE_TWO


async def test_a_reply_says_which_promises_of_this_enquiry_it_meets_and_how_the_resident_is_told(
    desk: Desk,
) -> None:
    """And so it comes: the promise is met, and the letter leaves in that form."""
    made = await desk.report("/v1/enquiries", replace=ENQUIRY)
    reference = made["reference"]
    words = await said(desk, reference, "response")
    assert "We will answer your email or letter in full within 10 working days”" in words
    assert "We will acknowledge your email within 2 working days" in words
    assert ", unless the letter comes back." in words
    assert "The resident is told by email." in words
    await desk.act(made, "response", {"message": "On Mondays."}, "/v1/enquiries")

    async def is_met() -> bool:
        return await state_of(desk, reference, "enquiries.response") == "met"

    await eventually(is_met)
    api = await desk.acting()

    async def has_left() -> bool:
        told = (await api.get("/v1/notices", params={"reference": reference})).json()["items"]
        return [each["form"] for each in told if each["kind"] == "answered" and each["sent_at"]] == ["email"]

    await eventually(has_left)


async def test_what_follows_depends_on_the_answer_where_the_act_does(desk: Desk) -> None:
    """An update meets the promise to make safe by one answer, and both by another."""
    made = await desk.report()
    words = await said(desk, made["reference"], "updates")
    safe = re.search(r"If you answer “Made safe” to “What happened\?”, this meets “([^”]+)”\.", words)
    done = re.search(r"If you answer “Finished” to “What happened\?”, this meets “([^.]+)\.", words)
    assert safe is not None
    assert done is not None
    assert safe[1] in done[1]
    assert "” and “" in done[1]
    await desk.act(made, "updates", {"type": "made_safe"})
    await desk.until_known(made, "repairs.repair-made-safe")
    words = await said(desk, made["reference"], "updates")
    assert "“Made safe”" not in words, "a promise that was kept is met no more"


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ({**CONTACT, "preferred_channel": "letter", "address": "1 Example Road\nRM1 1AA"}, "told by letter."),
        ({"name": "Sam", "phone": "01632 960001"}, "The department is asked to ring the resident."),
        ({**CONTACT, "safe_to_contact": False}, "The resident is not written to, as that may not be done"),
    ],
    ids=["as they prefer", "by phone alone", "unsafe"],
)
async def test_the_channel_is_the_one_that_is_safe_for_this_resident(
    desk: Desk, contact: Mapping[str, Any], told: str
) -> None:
    """Nobody is said to be told who must not be."""
    made = await desk.report(fault="toilet-not-flushing", contact=contact)
    words = await said(desk, made["reference"], "recharge")
    assert told in words
    assert "The resident is told by email" not in words


async def test_a_victim_who_was_reached_is_sent_nothing_more(desk: Desk) -> None:
    """An attempt that reached nobody keeps no promise, and is not said to."""
    made = await desk.report("/v1/asb", ASB_OFFICER, replace=NOISE)
    words = await said(desk, made["reference"], "victim-contact", ASB_OFFICER)
    assert re.search(r"If you answer “Yes” to “Did you reach them\?”, this meets “[^”]+”", words)
    assert NOTHING in words
    for reached in (False, True):
        api, body = await desk.acting(ASB_OFFICER), {"method": "call", "reached": reached}
        done = await api.post(f"/v1/asb/{made['reference']}/victim-contact", json=body)
        assert done.status_code == 201, done.text
        standard = next(
            each["standard"] for each in made["deadlines"] if "victim-contact" in each["standard"]
        )

        async def is_known(standard: str = standard, reached: bool = reached) -> bool:
            state = await state_of(desk, made["reference"], standard, ASB_OFFICER)
            return (state == "met") is reached

        await eventually(is_known)


async def test_an_acknowledgement_meets_what_belongs_to_its_stage(desk: Desk) -> None:
    """Nothing is said of a stage that the complaint is not at."""
    complaint = {"about": "repairs", "description": "Nobody came", "channel": "phone"}
    made = await desk.report("/v1/complaints", replace=complaint)
    words = await said(desk, made["reference"], "acknowledgement")
    assert "This meets “" in words
    assert "can meet" not in words
    await desk.act(made, "triage", {"route": "stage_1", "handler": HANDLER}, "/v1/complaints")
    await desk.act(made, "acknowledgement", UNDERSTOOD, "/v1/complaints")

    async def is_met() -> bool:
        return await state_of(desk, made["reference"], "complaints.stage-1.contact") == "met"

    await eventually(is_met)


async def test_without_an_answer_of_the_interface_less_is_said(desk: Desk) -> None:
    """The form is there all the same, with what is always so."""
    made = await desk.report("/v1/enquiries", replace=ENQUIRY)
    async with desk.without(f"/v1/cases/{made['reference']}/effects") as browser:
        page = await browser.get(f"/board/cases/{made['reference']}/response")
    assert page.status_code == 200
    assert "It answers in full." in page.text
    assert "this meets" not in page.text.lower()
    assert "is told by" not in page.text


def promise(**changes: Any) -> dict[str, Any]:
    """A promise that an event meets, as the interface tells it."""
    return {
        "promise": "We will answer within 2 days. If not, we say why.",
        "state": "running",
        "started_at": "2026-11-23T08:00:00Z",
        "when": {},
        "by_letter": False,
        "of_one": False,
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "This meets “We will answer within 2 days”."),
        ({"state": "breached"}, "This meets “We will answer within 2 days”, which is late."),
        ({"of_one": True}, "This can meet “We will answer within 2 days”."),
        ({"when": {"complete": [True]}}, "This can meet “We will answer within 2 days”."),
        ({"by_letter": True}, "This meets “We will answer within 2 days”, unless the letter comes back."),
        (
            {"started_at": "2026-11-24T09:30:00Z"},
            "This meets “We will answer within 2 days”, "
            "if it happened after Tuesday 24 November 2026, 9:30am.",
        ),
    ],
    ids=["plainly", "late", "one of several", "a fact that is not known", "by letter", "begun later"],
)
def test_no_more_is_said_than_is_known(changes: dict[str, Any], words: str) -> None:
    """A promise that began after the case is not met by what happened before it."""
    form, effect = form_of("SIT", "cleans"), EFFECTS["SIT", "cleans"]
    assert form is not None
    case = {"reference": "SIT-7K3M-Q9TX", "status": "registered", "received_at": "2026-11-23T08:00:00Z"}
    told = {"meets": [promise(**changes)], "tells": [], "may_change_dates": False}
    now = system_clock().replace(year=2027, month=6, day=1)
    assert what_follows(form, effect, {"estates.site-cleaned": told}, case, now) == [words]


@pytest.mark.parametrize(
    ("changes", "is_said"),
    [({}, True), ({"may_change_dates": True}, False), ({"tells": None}, False), (None, False)],
    ids=["known", "dates may move", "its owner is silent", "no answer"],
)
def test_nobody_is_said_to_be_sent_nothing_unless_that_is_known(
    changes: dict[str, Any] | None, is_said: bool
) -> None:
    """And only of acts that tell of nothing else."""
    form, effect = form_of("CAS", "action-plan"), EFFECTS["CAS", "action-plan"]
    assert form is not None
    case = {"reference": "CAS-7K3M-Q9TX", "status": "open", "received_at": "2026-11-23T08:00:00Z"}
    plain = {"meets": [], "tells": [], "may_change_dates": False}
    known = {} if changes is None else {"asb.action-plan-sent": {**plain, **changes}}
    assert (NOTHING in what_follows(form, effect, known, case, system_clock())) is is_said
    others = Effect(effect.records)
    assert NOTHING not in what_follows(form, others, known, case, system_clock())
