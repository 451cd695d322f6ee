"""Consequences of an act, in words: the promises that it meets, and how its resident is told.

Nothing is said that is not known: where it depends on more than the case and the answers, less is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.board.acts.effects import Effect, Records
from services.board.acts.forms import Form, Kind
from services.board.presenting.cases import Case
from services.board.presenting.timeline import FORMS
from services.board.presenting.times import moment, parsed
from shared.references import prefix_of

Known = Mapping[str, Mapping[str, Any]]
"""The effects as the API tells them, by their events."""

LATE = "breached"
BY_CALL = "call"
NOTHING = "Nothing is sent to the resident."
OF_STAGE_TWO = frozenset(
    {"escalated", "stage_2_acknowledged", "stage_2_responded", "with_ombudsman", "determined"}
)


def what_follows(form: Form, effect: Effect, known: Known, case: Case, now: datetime) -> Sequence[str]:
    """The sentences above a form, one for each thing that follows."""
    said = [
        sentence
        for records in effect.records
        if records.event in known
        for sentence in _sentences(form, records, known[records.event], case, now)
    ]
    if effect.is_all and all(_tells_nobody(records, known, case) for records in effect.records):
        said.append(NOTHING)
    return list(dict.fromkeys(said))


def _sentences(
    form: Form, records: Records, known: Mapping[str, Any], case: Case, now: datetime
) -> Iterator[str]:
    condition, facts = _if(form, records), _facts(records, case)
    surely, perhaps = list[str](), list[str]()
    for promise in known["meets"]:
        fits = _fits(promise["when"], facts)
        if fits is not False:
            is_sure = fits and not promise["of_one"]
            (surely if is_sure else perhaps).append(_named(promise, form, case, now))
    returns = any(each["by_letter"] for each in known["meets"]) and not records.once_arrived
    unless = ", unless the letter comes back" if returns else ""
    if surely:
        yield _sentence(condition, f"this meets {_list(surely)}{unless}.")
    if perhaps:
        yield _sentence(condition, f"this can meet {_list(perhaps)}{unless}.")
    for told in known["tells"] or ():
        if _is_sent(told, records, facts):
            yield _sentence(condition, _telling(told["form"], case))


def _if(form: Form, records: Records) -> str:
    """The answers on which it depends, as the form asks for them; empty where it follows in any case."""
    if records.once_arrived:
        return "once the letter has arrived, "
    said = []
    for name, codes in records.answers.items():
        field = next(each for each in form.fields if each.name == name)
        choices = {"yes": "Yes", "no": "No"} if field.kind is Kind.YES_NO else field.choices
        said.append(f"“{' or '.join(choices[code] for code in codes)}” to “{field.label}”")
    return f"if you answer {' and '.join(said)}, " if said else ""


def _sentence(condition: str, words: str) -> str:
    whole = f"{condition}{words}"
    return whole[:1].upper() + whole[1:]


def _facts(records: Records, case: Case) -> Mapping[str, Any]:
    """The facts of the event that are known before it has happened."""
    if prefix_of(case["reference"]) != "CMP":
        return records.facts
    return {"stage": 2 if case["status"] in OF_STAGE_TWO else 1, **records.facts}


def _fits(when: Mapping[str, Sequence[Any]], facts: Mapping[str, Any]) -> bool | None:
    """Tell whether facts are as a condition has them; None where one of them is not known."""
    known = [facts[fact] in values for fact, values in when.items() if fact in facts]
    if not all(known):
        return False
    return True if len(known) == len(when) else None


def _named(promise: Mapping[str, Any], form: Form, case: Case, now: datetime) -> str:
    """A promise in its first sentence, with what an officer has to know beside it."""
    words = f"“{promise['promise'].partition('. ')[0].rstrip('.')}”"
    if promise["state"] == LATE:
        words = f"{words}, which is late"
    started_at = parsed(promise["started_at"])
    if form.dated and started_at > parsed(case["received_at"]):
        words = f"{words}, if it happened after {moment(started_at, now)}"
    return words


def _list(names: Sequence[str]) -> str:
    each = list(dict.fromkeys(names))
    return " and ".join(filter(None, (", ".join(each[:-1]), each[-1])))


def _is_sent(told: Mapping[str, Any], records: Records, facts: Mapping[str, Any]) -> bool:
    """Tell whether a message leaves for sure."""
    return bool(_fits(told["when"], facts) and told["is_certain"] and {*told["needs"]} <= {*records.gives})


def _telling(form: str | None, case: Case) -> str:
    """The way in which a message reaches whoever the case's letters go to."""
    who = "whoever represents the resident" if case.get("representative") else "the resident"
    if form is None:
        return f"{who} is not written to, as that may not be done; the department is told instead."
    if form == BY_CALL:
        return f"the department is asked to ring {who}."
    return f"{who} is told by {FORMS[form]}."


def _tells_nobody(records: Records, known: Known, case: Case) -> bool:
    """Tell an event of which the resident hears nothing, whatever its facts turn out to be."""
    effect = known.get(records.event)
    if effect is None or effect["tells"] is None or effect["may_change_dates"]:
        return False
    facts = _facts(records, case)
    return all(_fits(told["when"], facts) is False for told in effect["tells"])
