"""Forms know what the case has: lists that take the place of others are filled in, numbers have words."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.board.acts.forms import Form
from services.board.acts.known import NUMBERED, filled, numbered
from services.board.acts.repeating import NUMBER, with_items
from services.board.acts.tables import BY_PREFIX, form_of
from tests.services.board.desk import CONTACT, FIRM, Desk, hidden

ACTION = {"description": "Mend the roof", "completed_at": None, "failed_at": None}


def form(prefix: str, act: str) -> Form:
    found = form_of(prefix, act)
    assert found is not None
    return found


def test_whatever_a_form_is_filled_in_with_are_fields_of_it() -> None:
    """A name that is wrong would leave it empty, and what was kept would be lost with the next act."""
    for forms in BY_PREFIX.values():
        for each in forms.values():
            names = {field.name for field in each.fields}
            for name in each.filled:
                assert any(field == name or field.startswith(f"{name}.0.") for field in names), each.act


def test_numbers_that_have_words_are_fields_of_their_forms() -> None:
    """By the kind of case and the act."""
    for prefix, act, name in NUMBERED:
        assert name in {field.name for field in form(prefix, act).fields}


@pytest.mark.parametrize(
    ("prefix", "act", "case", "expected"),
    [
        (
            "CAS",
            "team",
            {"team": ["alex", "bo"]},
            {"members": ["alex\nbo"]},
        ),
        (
            "CAS",
            "alleged-perpetrators",
            {"alleged_perpetrators": [{"name": "Robin", "address": None}, {"description": "Tall"}]},
            {"people.0.name": ["Robin"], "people.1.description": ["Tall"]},
        ),
        ("CAS", "alleged-perpetrators", {"alleged_perpetrators": None}, {}),
        (
            "CMP",
            "adjustments",
            {"adjustments": {"adjustments": ["Read it out"], "large_print": True, "review_on": "2027-01-04"}},
            {"adjustments": ["Read it out"], "large_print": ["yes"], "review_on": ["2027-01-04"]},
        ),
        ("CMP", "adjustments", {"adjustments": None}, {}),
        (
            "REP",
            "contact",
            {
                "contact": {
                    "name": "Sam",
                    "safe_times": [{"days": ["monday"], "from": "10:00", "to": "14:00"}],
                }
            },
            {
                "safe_times.0.days": ["monday"],
                "safe_times.0.from": ["10:00"],
                "safe_times.0.to": ["14:00"],
            },
        ),
    ],
)
def test_a_form_is_filled_in_with_what_is_kept(
    prefix: str, act: str, case: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    """A home is filled in as one would have typed it; what is not known is left empty."""
    assert filled(form(prefix, act), case) == expected


def test_each_item_of_a_list_is_chosen_by_its_words() -> None:
    """A repair that is done already is no choice."""
    points = {"points": [{"text": "Nobody came"}, {"text": "Nobody rang"}]}
    asked, _ = with_items(form("CMP", "response"), {}, more="points")
    words = {"1": "Nobody came", "2": "Nobody rang"}
    assert numbered("CMP", asked, points) == {"points.0.point": words, "points.1.point": words}
    actions = {"actions": [{"number": 1, **ACTION, "completed_at": "2026-11-20T09:00:00Z"}]}
    actions["actions"].append({"number": 2, **ACTION})
    assert numbered("CMP", form("CMP", "actions/{n}/completion"), actions) == {"n": {"2": "Mend the roof"}}
    assert NUMBER.sub("0", "points.1.point") == "points.0.point"


async def test_a_joint_tenant_is_added_without_losing_the_one_before(desk: Desk) -> None:
    """Nor that it is not safe to write to them."""
    home = {"address": "9 Canary Row", "postcode": "RM2 9ZW"}
    body = {"tenant": "Ada", "property": home, "started_on": "2026-11-02"}
    case = await desk.report("/v1/tenancies", replace=body)
    ben = {"tenant": "Ben", "contact": {**CONTACT, "name": "Ben", "safe_to_contact": False}}
    await desk.act(case, "joint-tenants", {"joint_tenants": [ben]}, "/v1/tenancies")
    browser, address = await desk.browser(), f"/board/cases/{case['reference']}/joint-tenants"
    typed = {**values_of((await browser.get(address)).text), "when": "now"}
    assert typed["joint_tenants.0.contact.safe_to_contact"] == "no"
    typed |= {"joint_tenants.1.tenant": "Cy", "joint_tenants.1.contact.phone": "01632 960003"}
    answer = await browser.post(address, data=typed)
    assert answer.status_code == 303, answer.text
    read = (await (await desk.acting()).get(f"/v1/tenancies/{case['reference']}")).json()
    assert [each["tenant"] for each in read["joint_tenants"]] == ["Ben", "Cy"]
    assert read["joint_tenants"][0]["contact"]["safe_to_contact"] is False


def values_of(page: str) -> dict[str, str]:
    """The fields of the form of an act, as its page has them filled in."""
    form = page.partition('action="/board/cases/')[2].partition("</form>")[0]
    found = {name: hidden(form, name) for name in ("csrf", "etag", "key", "from")}
    for tag in form.split("<input")[1:]:
        attributes = tag.partition(">")[0]
        if 'type="radio"' not in attributes or "checked" in attributes:
            name, value = (
                attributes.partition(f'{each}="')[2].partition('"')[0] for each in ("name", "value")
            )
            if 'type="checkbox"' not in attributes:
                found.setdefault(name, value)
    return found


async def test_an_update_that_waits_for_a_decision_is_chosen_by_what_it_told(desk: Desk) -> None:
    """Not by its number, which nobody knows; one that stands already is no choice."""
    now = datetime.now(UTC)
    case = await desk.report(received_at=(now - timedelta(hours=6)).isoformat())
    await desk.act(case, "assignment", {"contractor": FIRM})
    firm, path = await desk.acting(FIRM), f"/v1/repairs/{case['reference']}/updates"
    for hours in (1, 3):
        done = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
        told = {**done, "occurred_at": (now - timedelta(hours=hours)).isoformat()}
        assert (await firm.post(path, json=told)).status_code == 201
    page = (
        await (await desk.browser()).get(f"/board/cases/{case['reference']}/updates/number/decision")
    ).text
    choices = re.findall(r'name="number"[^>]*value="(\d+)"[^>]*>\s*<label[^>]*>\s*([^<]+?)\s*</label>', page)
    assert len(choices) == 1, page
    assert choices[0][1].startswith("Completed, ")
