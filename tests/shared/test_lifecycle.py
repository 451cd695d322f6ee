"""A lifecycle is a table: the rule that judges an act is the rule that lists it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.caller import OFFICER, OPS, RESIDENT, Role
from shared.cases.acts import check
from shared.errors import MoveNotAllowed
from shared.lifecycle import STAYS, Lifecycle, Rule, allowed_by, from_every
from tests.shared.answering import (
    ANSWERED,
    CLOSED,
    LIFECYCLE,
    NEVER_ANSWERED,
    NOT_WHILE_URGENT,
    NOTHING_YET,
    OPEN,
    URGENT,
    URGENT_ANSWERED,
    Act,
    Situation,
    Stage,
)


@pytest.mark.parametrize(
    ("situation", "officers", "residents"),
    [
        (OPEN, {"answer", "note", "closure"}, {"note", "closure"}),
        (URGENT, {"answer", "note"}, {"note"}),
        (ANSWERED, {"note", "closure"}, {"note", "closure"}),
        (URGENT_ANSWERED, {"note"}, {"note", "return"}),
        (CLOSED, {"note"}, {"note"}),
        (NOTHING_YET, {"start"}, set()),
    ],
)
def test_a_caller_is_allowed_what_status_facts_and_role_give(
    situation: Situation, officers: set[str], residents: set[str]
) -> None:
    """An act must be possible in the status, its predicate must hold, and the role must be one of its own."""
    assert LIFECYCLE.allowed(OFFICER, situation) == officers
    assert LIFECYCLE.allowed(RESIDENT, situation) == residents
    assert LIFECYCLE.allowed(RESIDENT | OFFICER, situation) == officers | residents
    assert LIFECYCLE.allowed(OPS, situation) == LIFECYCLE.allowed((), situation) == set()


@pytest.mark.parametrize(
    ("action", "situation", "why"),
    [
        (Act.ANSWER, OPEN, None),
        (Act.ANSWER, ANSWERED, "This is answered."),
        (Act.ANSWER, NOTHING_YET, "Nothing has begun yet that this could be done to."),
        (Act.CLOSURE, ANSWERED, None),
        (Act.CLOSURE, URGENT, NOT_WHILE_URGENT),
        (Act.CLOSURE, CLOSED, "This is closed."),
        (Act.CLOSURE, Situation(Stage.CLOSED, is_urgent=True), "This is closed."),
        (Act.RETURN, URGENT_ANSWERED, None),
        (Act.RETURN, OPEN, NEVER_ANSWERED),
        (Act.RETURN, ANSWERED, "This is answered."),
        (Act.START, NOTHING_YET, None),
        (Act.START, OPEN, "This is open."),
    ],
)
def test_a_refusal_is_explained_to_a_person(action: Act, situation: Situation, why: str | None) -> None:
    """The status comes first; a rule without a text of its own names it."""
    assert LIFECYCLE.refusal(action, situation) == why
    if why is None:
        check(LIFECYCLE, action, situation)
    else:
        with pytest.raises(MoveNotAllowed) as refused:
            check(LIFECYCLE, action, situation)
        assert refused.value.detail == why
        assert refused.value.allowed is None  # whoever answers the request fills it in


def test_an_act_leads_where_its_line_says() -> None:
    """An act that stays leaves the status as it is; one that the status does not have leads nowhere."""
    assert LIFECYCLE.after(Act.ANSWER, Stage.OPEN) is Stage.ANSWERED
    assert LIFECYCLE.after(Act.START, None) is Stage.OPEN
    for stage in Stage:
        assert LIFECYCLE.after(Act.NOTE, stage) is stage
    with pytest.raises(KeyError):
        LIFECYCLE.after(Act.ANSWER, Stage.CLOSED)


def test_moves_from_every_status_may_leave_some_out() -> None:
    """Most acts are possible in each status that has not ended."""
    assert from_every(Stage) == {Stage.OPEN: STAYS, Stage.ANSWERED: STAYS, Stage.CLOSED: STAYS}
    assert from_every(Stage, but=LIFECYCLE.ended) == {Stage.OPEN: STAYS, Stage.ANSWERED: STAYS}


def test_the_roles_of_an_act_are_those_of_its_rule() -> None:
    """A route asks them at the door."""
    assert LIFECYCLE.who(Act.NOTE) == {Role.RESIDENT, Role.OFFICER}


def test_what_a_case_allows_is_the_union_of_its_tables() -> None:
    """A feature with a status of its own has a table of its own; each act is named once, in order."""
    of_a_feature: Lifecycle[Situation] = Lifecycle(
        status_of=lambda _: None,
        rules={
            "recharge/quote": Rule(who=OFFICER, moves={None: Stage.OPEN}),
            Act.NOTE: Rule(who=OFFICER, moves={None: STAYS}),
        },
    )
    tables = (LIFECYCLE, of_a_feature)
    assert allowed_by(tables, OFFICER, OPEN) == ["answer", "closure", "note", "recharge/quote"]
    assert allowed_by(tables, OFFICER, CLOSED) == ["note", "recharge/quote"]
    assert allowed_by(tables, RESIDENT, CLOSED) == ["note"]
    assert allowed_by((), OFFICER, OPEN) == []


stages = st.none() | st.sampled_from(Stage)
roles = st.frozensets(st.sampled_from([str(role) for role in Role]))
moves = st.dictionaries(stages, st.sampled_from([*Stage, STAYS]))


def urgent_as(wanted: bool | None) -> Callable[[Situation], bool]:
    """The predicate of a rule for urgent situations, for others, or, with None, for all."""
    return lambda situation: wanted is None or situation.is_urgent is wanted


@st.composite
def tables(draw: st.DrawFn) -> Lifecycle[Situation]:
    """Any table over these statuses, of which some rules mind the urgency."""
    rules: dict[Any, Rule[Situation]] = {}
    for action in draw(st.sets(st.sampled_from(Act), min_size=1)):
        rules[action] = Rule(
            who=draw(roles),
            moves=draw(moves),
            when=urgent_as(draw(st.none() | st.booleans())),
            otherwise=draw(st.none() | st.just("Not now.")),
            out_of_turn=draw(st.none() | st.just("Not in turn.")),
        )
    return Lifecycle(rules=rules, status_of=lambda situation: situation.stage)


@given(tables(), roles, st.builds(Situation, stages, st.booleans()))
def test_what_is_judged_and_what_is_listed_cannot_disagree(
    table: Lifecycle[Situation], caller: frozenset[str], situation: Situation
) -> None:
    """An act is listed for a caller with one of its roles if and only if it is allowed and not refused."""
    listed = table.allowed(caller, situation)
    for action in table.rules:
        allows = table.allows(action, situation)
        assert allows is (table.refusal(action, situation) is None)
        assert (action in listed) is (allows and not table.who(action).isdisjoint(caller))
        if allows:
            assert table.after(action, situation.stage) in {*Stage, situation.stage}
    assert allowed_by([table], caller, situation) == sorted(listed)
