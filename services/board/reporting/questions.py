"""Steps and kinds: a step is one page of questions, a kind of report the steps that lead to its body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.board.acts.forms import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of questions; `lead` stands above them, such as who will see the answers.

    `one_of` are fields of which at least one is needed, `missing` is what is said if all are empty.
    `stops`: with this answer nothing more is asked here. `warns`: it only says what to know first.
    """

    title: str
    lead: str = ""
    fields: tuple[Field, ...] = ()
    one_of: tuple[str, ...] = ()
    missing: str = ""
    stops: tuple[str, str] | None = None
    warns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of report: the path of the API that takes it, and the steps after the first one.

    `fixed` are values of its body that nobody is asked for, by their dotted names. `faults` are those of the
    repairs guide that it is for. `private`: somebody else may read the screen. `received` is the name of the
    instant at which it came, empty where it has none.
    """

    code: str
    words: str
    path: str
    steps: tuple[Step, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    private: bool = False
    for_officers: bool = False
    has_channel: bool = True
    received: str = "received_at"
