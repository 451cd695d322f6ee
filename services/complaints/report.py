"""The annual report (both Codes, 8 and 9), summed up from the complaints of a year; pure functions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredStage:
    """The answer of one stage, as the report counts it."""

    stage: int
    outcome: str
    remedies: Sequence[Mapping[str, Any]] = ()
    learning: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal on one of the Code's grounds; `overruled`: the complaint was taken up after all."""

    ground: str
    overruled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCase:
    """One complaint of the year, as the report counts it."""

    reference: str
    about: str
    route: str | None = None
    refusals: Sequence[Refusal] = ()
    not_recorded: Sequence[str] = ()
    is_escalated: bool = False
    with_ombudsman: bool = False
    determination: str | None = None
    orders: int = 0
    orders_outstanding: int = 0
    answers: Sequence[AnsweredStage] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The lesson of a complaint: a change that the council made because of it."""

    reference: str
    about: str
    learning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Numbers of complaints that were received in a year, with what became of them so far."""

    received: int
    by_category: Mapping[str, int]
    not_answered: Mapping[str, int]
    refused: Mapping[str, int]
    overruled: Mapping[str, int]
    not_recorded: Mapping[str, int]
    escalated: int
    with_ombudsman: int
    determinations: Mapping[str, int]
    orders: int
    orders_outstanding: int
    outcomes: Mapping[int, Mapping[str, int]]
    remedies: Mapping[str, int]
    money: Decimal
    learning: Sequence[Lesson]


def summed_up(cases: Sequence[ReportedCase]) -> Summary:
    """The report of these complaints; refusals by ground, those overruled included, money to the penny."""
    refusals = [refusal for case in cases for refusal in case.refusals]
    answers = [answer for case in cases for answer in case.answers]
    remedies = [remedy for answer in answers for remedy in answer.remedies]
    stages = sorted({answer.stage for answer in answers})
    return Summary(
        received=len(cases),
        by_category=_counted(case.about for case in cases),
        not_answered=_counted(case.route for case in cases if case.route not in (None, "stage_1")),
        refused=_counted(refusal.ground for refusal in refusals),
        overruled=_counted(refusal.ground for refusal in refusals if refusal.overruled),
        not_recorded=_counted(part for case in cases for part in case.not_recorded),
        escalated=sum(case.is_escalated for case in cases),
        with_ombudsman=sum(case.with_ombudsman for case in cases),
        determinations=_counted(case.determination for case in cases if case.determination is not None),
        orders=sum(case.orders for case in cases),
        orders_outstanding=sum(case.orders_outstanding for case in cases),
        outcomes={
            stage: _counted(answer.outcome for answer in answers if answer.stage == stage) for stage in stages
        },
        remedies=_counted(remedy["kind"] for remedy in remedies),
        money=sum((Decimal(remedy["amount"]) for remedy in remedies if "amount" in remedy), Decimal()),
        learning=[
            Lesson(reference=case.reference, about=case.about, learning=answer.learning)
            for case in cases
            for answer in case.answers
            if answer.learning
        ],
    )


def as_rows(summary: Summary) -> Iterator[tuple[object, ...]]:
    """The report as rows of a table: a section, an item, and its number or words."""
    yield "section", "item", "value"
    yield "received", "all", summary.received
    yield from (("category", *pair) for pair in summary.by_category.items())
    yield from (("not answered", *pair) for pair in summary.not_answered.items())
    yield from (("refused", *pair) for pair in summary.refused.items())
    yield from (("overruled", *pair) for pair in summary.overruled.items())
    yield from (("not recorded", *pair) for pair in summary.not_recorded.items())
    yield "escalated", "stage 2", summary.escalated
    yield "ombudsman", "referred", summary.with_ombudsman
    yield from (("determination", *pair) for pair in summary.determinations.items())
    yield "ombudsman", "orders", summary.orders
    yield "ombudsman", "orders outstanding", summary.orders_outstanding
    for stage, outcomes in summary.outcomes.items():
        yield from ((f"outcome at stage {stage}", *pair) for pair in outcomes.items())
    yield from (("remedy", *pair) for pair in summary.remedies.items())
    yield "remedy", "pounds", f"{summary.money:.2f}"
    yield from (
        ("learning", f"{lesson.reference}, {lesson.about}", lesson.learning) for lesson in summary.learning
    )


def _counted(values: Iterable[Any]) -> dict[str, int]:
    return dict(sorted(Counter(str(value) for value in values).items()))
