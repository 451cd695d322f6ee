"""Answers on their way through the steps of a report, and the body that they become; pure functions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Self

from services.board.acts.common import CHANNELS
from services.board.acts.forms import Field, Form, choice, instant
from services.board.acts.reading import Errors, Typed, named_by_pointer, read
from services.board.reporting.common import HOME
from services.board.reporting.kinds import CHANNEL, KIND, KINDS, LOCAL, RECEIVED, kinds_for
from services.board.reporting.questions import Kind, Step

ONLINE = "online"
FIRST = "What is it about?"
CHOOSE = "Choose what it is about."
RECEIPT = (
    choice(CHANNEL, "How did it come?", {code: said for code, said in CHANNELS.items() if code != ONLINE}),
    instant(RECEIVED, "When did it come?", "Leave it empty for now.", required=False),
)
"""An officer who writes a report down for somebody says how and when it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything that was answered so far; `seed` makes the key by which the same answers are one report."""

    typed: Typed
    seed: str
    by_officer: bool = False

    @classmethod
    def none_yet(cls, *, by_officer: bool) -> Self:
        """The beginning of a report."""
        return cls(typed={}, seed=token_urlsafe(16), by_officer=by_officer)

    @classmethod
    def from_json(cls, value: Any, *, by_officer: bool) -> Self:
        """The answers that a page brought back; what none were is a beginning."""
        if not isinstance(value, dict):
            return cls.none_yet(by_officer=by_officer)
        return cls(typed=value["typed"], seed=value["seed"], by_officer=by_officer)

    def as_json(self) -> Mapping[str, Any]:
        """The answers as a page carries them, sealed."""
        return {"typed": self.typed, "seed": self.seed}

    @property
    def kind(self) -> Kind | None:
        """The kind of report, once it was chosen; never one that is not for this person."""
        code = next(iter(self.typed.get(KIND, ())), "")
        return KINDS[code] if code in kinds_for(officer=self.by_officer) else None

    @property
    def steps(self) -> Sequence[Step]:
        """All steps as far as they are known; the check of the answers comes after the last."""
        which = choice(KIND, FIRST, kinds_for(officer=self.by_officer))
        first = Step(title=FIRST, fields=(which, *(RECEIPT if self.by_officer else ())))
        return (first, *(self.kind.steps if self.kind else ()))

    def with_step(self, step: Step, given: Typed) -> Self:
        """The answers with those of one step; a home that was chosen is written out as an address."""
        typed = {**self.typed, **{field.name: list(given.get(field.name, ())) for field in step.fields}}
        address, _, postcode = next(iter(typed.get(HOME, ())), "").partition("\n")
        if postcode and any(field.name == HOME for field in step.fields):
            typed |= {"property.address": [address], "property.postcode": [postcode]}
        return replace(self, typed=typed)

    def errors(self, step: Step) -> Errors:
        """The errors of one step that are seen before anything is sent."""
        errors = dict(read(_form(step.fields), self.typed).errors)
        if KIND in errors:
            errors[KIND] = CHOOSE
        if step.one_of and not any(_has(self.typed, name) for name in step.one_of):
            errors.setdefault(step.one_of[0], step.missing)
        return errors

    def is_stopped(self, step: Step) -> bool:
        """Tell if the answer to this step is the one with which nothing more is asked."""
        return step.stops is not None and [step.stops[1]] == list(self.typed.get(step.stops[0], ()))

    def body(self) -> dict[str, Any]:
        """The body for the API."""
        assert self.kind is not None
        fields = [field for step in self.kind.steps for field in step.fields if field.name not in LOCAL]
        body: dict[str, Any] = dict(read(_form(fields), self.typed).body)
        for name, value in self.kind.fixed.items():
            _put(body, name, value)
        receipt = read(_form(RECEIPT), self.typed).body if self.by_officer else {}
        if self.kind.has_channel:
            body["channel"] = receipt.get(CHANNEL, ONLINE)
        if self.kind.received and RECEIVED in receipt:
            body[self.kind.received] = receipt[RECEIVED]
        _complete(body)
        return body

    def key(self, body: Mapping[str, Any]) -> str:
        """The Idempotency-Key: the same answers sent twice are one report, others are another."""
        return sha256(f"{self.seed} {json.dumps(body, sort_keys=True)}".encode()).hexdigest()

    def refused(self, errors: Sequence[Mapping[str, str]]) -> tuple[int, Errors]:
        """The step that the API's errors are about, from 1, and the errors by field; the last for the rest.

        A receipt has other names on our pages.
        """
        names = {"channel": CHANNEL, self.kind.received if self.kind else "": RECEIVED}
        for number, step in enumerate(self.steps, 1):
            found = named_by_pointer(_form(step.fields), [_renamed(each, names) for each in errors])
            mine = {name: said for name, said in found.items() if name}
            if mine:
                return number, mine
        return len(self.steps) + 1, named_by_pointer(_form(()), errors)


def _form(fields: Sequence[Field]) -> Form:
    return Form(act="report", button="", done="", fields=tuple(fields), dated=False)


def _has(typed: Typed, name: str) -> bool:
    return any(each.strip() for each in typed.get(name, ()))


def _renamed(error: Mapping[str, str], names: Mapping[str, str]) -> Mapping[str, str]:
    name = error["pointer"].lstrip("/")
    return {**error, "pointer": f"/{names[name]}"} if name in names and name else error


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    *parents, last = name.split(".")
    for part in parents:
        body = body.setdefault(part, {})
    body[last] = value


WHOLE_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_MINUTE, LAST_MINUTE = "00:00", "23:59"


def _complete(body: dict[str, Any]) -> None:
    """Fill in what a person leaves out: days without hours are whole days, hours without days are of each."""
    for time in body.get("contact", {}).get("safe_times", ()):
        time.setdefault("days", list(WHOLE_WEEK))
        time.setdefault("from", FIRST_MINUTE)
        time.setdefault("to", LAST_MINUTE)
