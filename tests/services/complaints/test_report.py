"""The annual report: an invented year, and the complaints behind each of its figures."""

from collections.abc import Mapping
from typing import Any

from services.complaints.report import AnsweredStage, Refusal, ReportedCase, as_rows, summed_up
from shared.cases.cells import written
from tests.services.complaints.complaining import ANSWER, Team

LATE: Mapping[str, Any] = {"occurred_at": "2026-06-15T10:00:00Z"}
YEAR = (
    ReportedCase(
        reference="CMP-1", about="repairs", route="stage_1", is_escalated=True, with_ombudsman=True,
        answers=(
            AnsweredStage(stage=1, outcome="not_upheld"),
            AnsweredStage(
                stage=2, outcome="upheld", learning="=We ring twice.",
                remedies=({"kind": "money", "amount": "120.10"}, {"kind": "apology"}),
            ),
        ),
    ),
    ReportedCase(
        reference="CMP-2", about="repairs", route="stage_1",
        answers=(AnsweredStage(stage=1, outcome="upheld", remedies=({"kind": "money", "amount": "0.20"},)),),
    ),
    ReportedCase(reference="CMP-3", about="estates", route="put_right"),
    ReportedCase(
        reference="CMP-4", about="staff", route="refused", refusals=(Refusal("over_twelve_months"),),
    ),
    ReportedCase(
        reference="CMP-5", about="asb", route="refused", not_recorded=("ground", "evidence"),
        refusals=(Refusal("filed_at_court", overruled=True), Refusal("other")),
    ),
    ReportedCase(
        reference="CMP-6", about="asb", route="stage_1", refusals=(Refusal("other", overruled=True),),
    ),
)  # fmt: skip


def test_the_report_sums_up_the_year() -> None:
    """Each figure can be counted by hand, and what was put right is counted apart."""
    found = summed_up(YEAR)
    assert found.received == 6
    assert found.by_category == {"asb": 2, "estates": 1, "repairs": 2, "staff": 1}
    assert found.not_answered == {"put_right": 1, "refused": 2}
    assert found.refused == {"filed_at_court": 1, "other": 2, "over_twelve_months": 1}
    assert found.overruled == {"filed_at_court": 1, "other": 1}
    assert found.not_recorded == {"evidence": 1, "ground": 1}
    assert found.outcomes == {1: {"not_upheld": 1, "upheld": 1}, 2: {"upheld": 1}}
    assert (found.remedies, str(found.money)) == ({"apology": 1, "money": 2}, "120.30")
    assert (found.escalated, found.with_ombudsman) == (1, 1)
    assert 'learning,"CMP-1, repairs",\'=We ring twice.' in written(as_rows(found))


async def test_a_year_begins_in_april_in_london(team: Team) -> None:
    """And who may not see a complaint has no figure of it."""

    async def figures(*scopes: str, **query: Any) -> Any:
        path, by = "/v1/complaints/annual-report", team.officer("ola", *scopes)
        answer = await team.client.get(path, params={"year": "2026", **query}, headers=by)
        assert answer.status_code == 200, answer.text
        return answer.text if query else answer.json()

    await team.complain(received_at="2026-03-31T22:59:59Z")  # a second before midnight in London
    inside = await team.complain(received_at="2026-03-31T23:00:00Z")
    await team.act("response", inside, **ANSWER, understanding="x", learning="We ring first.", **LATE)
    await team.complain(received_at="2026-06-01T10:00:00Z", about="asb")
    assert (await figures())["received"] == 1
    report = await figures("asb")
    assert (report["received"], report["first_day"], report["last_day"]) == (2, "2026-04-01", "2027-03-31")
    assert report["learning"] == [{"reference": inside, "about": "repairs", "learning": "We ring first."}]
    assert f'learning,"{inside}, repairs",We ring first.' in await figures(format="csv")


async def test_a_refusal_that_is_overruled_is_counted_as_both(team: Team) -> None:
    """Also one that is refused again; what the Code wants recorded and is not, is counted too."""
    refusal: Mapping[str, Any] = {"route": "refused", "reason": "It is old.", "handler": "Ola Reyes"}
    at_court = {**refusal, "ground": "filed_at_court", "evidence": "The claim form."}
    for triages in ([refusal], [at_court], [at_court, refusal]):
        reference = await team.complain()
        for triage in triages:
            await team.act("triage", reference, **triage)
            if triage is at_court:
                order = {"description": "Look into it.", "by": "2026-12-31"}
                await team.act("ombudsman-determination", reference, outcome="jurisdiction", orders=[order])
                await team.act("reopening", reference, reason="Overruled.")
    answer = await team.client.get("/v1/complaints/annual-report?year=2026", headers=team.officer())
    report = answer.json()
    assert report["refused"] == {"filed_at_court": 2, "other": 2}
    assert report["overruled"] == {"filed_at_court": 2}
    assert report["not_answered"] == {"refused": 2}
    assert report["not_recorded"] == {"evidence": 2, "ground": 2}
    assert (report["determinations"], report["orders"], report["orders_outstanding"]) == (
        {"jurisdiction": 2},
        2,
        2,
    )
