"""Rules of a case of anti-social behaviour: priority, acts, and the digests of its people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.asb.events import Priority
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import STAYS, Lifecycle, Rule, from_every
from shared.text import compared, digest_of

DEPARTMENT = "asb"
MANAGER = "manager"
"""The scope of an officer who reviews high risks, and is told when the glass is broken."""


class Status(StrEnum):
    """The stages of a case."""

    OPEN = "open"
    CLOSED = "closed"


ENDED = frozenset({Status.CLOSED})


class Category(StrEnum):
    """The behaviour that is reported."""

    VIOLENCE = "violence"
    RACIAL_HARASSMENT = "racial_harassment"
    HATE_CRIME = "hate_crime"
    DOMESTIC_ABUSE = "domestic_abuse"
    NOISE = "noise"
    HARASSMENT = "harassment"
    VANDALISM = "vandalism"
    DRUGS = "drugs"
    PETS = "pets"
    RUBBISH = "rubbish"
    VEHICLES = "vehicles"
    OTHER = "other"


HATE = frozenset({Category.RACIAL_HARASSMENT, Category.HATE_CRIME})
VIOLENCE_OR_HATE = HATE | {Category.VIOLENCE, Category.DOMESTIC_ABUSE}


def is_hate(category: Category, hate_incident: bool) -> bool:
    """Tell a hate incident: by the category, or as anybody perceives it."""
    return hate_incident or category in HATE


def priority_of(category: Category, hate_incident: bool) -> Priority:
    """The priority of a report; section 9 names the behaviour of priority one."""
    grave = hate_incident or category in VIOLENCE_OR_HATE
    return Priority.VIOLENCE_OR_HATE if grave else Priority.OTHER


class Reporter(StrEnum):
    """The one who reports."""

    VICTIM = "victim"
    WITNESS = "witness"
    PROFESSIONAL = "professional"
    OFFICER = "officer"


class Body(StrEnum):
    """A body to which an incident was reported."""

    COUNCIL = "council"
    POLICE = "police"
    HOUSING_PROVIDER = "housing_provider"
    HEALTH = "health"
    OTHER = "other"


class DamageOutcome(StrEnum):
    """The end of a damage as an officer found it, whatever became of its repair."""

    MADE_SAFE = "made_safe"
    NOT_OURS = "not_ours"


class CaseReviewStatus(StrEnum):
    """The stages of a case review."""

    APPLIED = "applied"
    NOT_MET = "not_met"
    DUE = "due"
    CONCLUDED = "concluded"


class Action(StrEnum):
    """An act on a case, by its path."""

    CATEGORY = "category"
    PRIORITY = "priority"
    VICTIM_CONTACT = "victim-contact"
    VISIT = "visit"
    ACTION_PLAN = "action-plan"
    UPDATES = "updates"
    UPDATE_FREQUENCY = "update-frequency"
    RISK = "risk"
    RISK_REVIEW = "risk/review"
    INCIDENTS = "incidents"
    ACTIONS = "actions"
    JOINING = "joining"
    HOME = "home"
    DAMAGE = "damage"
    DAMAGE_OUTCOME = "damage/outcome"
    CLOSURE = "closure"
    SURVEY = "survey"
    SURVEY_ANSWERS = "survey/answers"
    REVIEW = "review"
    CASE_REVIEW = "case-review"
    CASE_REVIEW_REFERRALS = "case-review/referrals"
    CASE_REVIEW_DECISION = "case-review/decision"
    CASE_REVIEW_OUTCOME = "case-review/outcome"
    CASE_REVIEW_COMPLETION = "case-review/completion"
    TEAM = "team"
    ALLEGED_PERPETRATORS = "alleged-perpetrators"
    BREAK_GLASS = "break-glass"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one case, as its caller meets it.

    `sees` and `is_manager` are about the caller; `review_due`: a high risk awaits a manager; `to_complete`
    counts recommendations of the latest case review that are still to be carried out, `damages_open` the
    damages of ours that are not known to be safe.
    """

    status: Status
    sees: bool
    is_manager: bool
    priority: Priority
    review_due: bool
    survey_sent: bool
    survey_answered: bool
    case_review: CaseReviewStatus | None
    to_complete: int = 0
    damages_open: int = 0


def _is_reviewed(situation: Situation) -> bool:
    return situation.case_review in {CaseReviewStatus.APPLIED, CaseReviewStatus.DUE}


OPEN, CLOSED = {Status.OPEN: STAYS}, {Status.CLOSED: STAYS}
EITHER = from_every(Status)

LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        # also once it is closed: figures are of what the case was
        Action.CATEGORY: Rule(who=OFFICER, moves=EITHER),
        Action.PRIORITY: Rule(
            who=OFFICER,
            moves=OPEN,
            when=lambda situation: situation.priority is not Priority.VIOLENCE_OR_HATE,
            otherwise="This has the highest priority, and none is lowered.",
        ),
        # closing ends neither promise, so what was not done before it can still be done
        Action.VICTIM_CONTACT: Rule(who=OFFICER, moves=EITHER),
        Action.VISIT: Rule(who=OFFICER, moves=OPEN),
        Action.ACTION_PLAN: Rule(who=OFFICER, moves=EITHER),
        Action.UPDATES: Rule(who=OFFICER, moves=OPEN),
        Action.UPDATE_FREQUENCY: Rule(who=OFFICER, moves=OPEN),
        Action.RISK: Rule(who=OFFICER, moves=OPEN),
        Action.RISK_REVIEW: Rule(
            who=OFFICER,
            moves=OPEN,
            when=lambda situation: situation.is_manager and situation.review_due,
            otherwise="A manager reviews a case whose risk is high, once each time it is assessed.",
        ),
        # also by the victim: the diary is theirs as well
        Action.INCIDENTS: Rule(who=RESIDENT | OFFICER, moves=OPEN),
        Action.ACTIONS: Rule(who=OFFICER, moves=OPEN),
        Action.JOINING: Rule(who=OFFICER, moves=OPEN),
        Action.HOME: Rule(who=OFFICER, moves=EITHER),
        Action.DAMAGE: Rule(who=OFFICER, moves=OPEN),
        # its repair may have been called off, and the closing of the case mends nothing
        Action.DAMAGE_OUTCOME: Rule(
            who=OFFICER,
            moves=EITHER,
            when=lambda situation: situation.damages_open > 0,
            otherwise="No damage of ours is still to be made safe.",
        ),
        Action.CLOSURE: Rule(who=OFFICER, moves={Status.OPEN: Status.CLOSED}),
        Action.SURVEY: Rule(
            who=OFFICER,
            moves=CLOSED,
            when=lambda situation: not situation.survey_sent,
            otherwise="The questionnaire was sent.",
        ),
        Action.SURVEY_ANSWERS: Rule(
            who=RESIDENT | OFFICER,
            moves=CLOSED,
            when=lambda situation: situation.survey_sent and not situation.survey_answered,
            otherwise="The questionnaire is answered once, after it was sent.",
        ),
        # the outcome says whether it moves; dissatisfaction may come any way, not by the survey alone
        Action.REVIEW: Rule(who=OFFICER, moves=CLOSED),
        Action.CASE_REVIEW: Rule(
            who=RESIDENT | OFFICER,
            moves=EITHER,
            when=lambda situation: not _is_reviewed(situation),
            otherwise="A case review was applied for, and is not concluded.",
        ),
        Action.CASE_REVIEW_REFERRALS: Rule(
            who=OFFICER, moves=EITHER, when=_is_reviewed, otherwise="No case review is applied for."
        ),
        Action.CASE_REVIEW_DECISION: Rule(
            who=OFFICER,
            moves=EITHER,
            when=lambda situation: situation.case_review is CaseReviewStatus.APPLIED,
            # section 104: at so many qualifying reports there is nothing to be decided
            otherwise="No application awaits a decision; with enough qualifying reports it needs none.",
        ),
        Action.CASE_REVIEW_OUTCOME: Rule(
            who=OFFICER,
            moves=EITHER,
            when=lambda situation: situation.case_review is CaseReviewStatus.DUE,
            otherwise="No case review is to be held.",
        ),
        Action.CASE_REVIEW_COMPLETION: Rule(
            who=OFFICER,
            moves=EITHER,
            when=lambda situation: situation.to_complete > 0,
            otherwise="No recommendation is still to be carried out.",
        ),
        Action.TEAM: Rule(who=OFFICER, moves=EITHER),
        Action.ALLEGED_PERPETRATORS: Rule(who=OFFICER, moves=EITHER),
        Action.BREAK_GLASS: Rule(
            who=OFFICER,
            moves=EITHER,
            when=lambda situation: not situation.sees,
            otherwise="You see this case without that.",
        ),
        Action.CONTACT: Rule(who=RESIDENT | OFFICER, moves=EITHER),
    },
)


def in_words(category: str, status: str, received_on: date, *, risk: str | None = None) -> str:
    """A case in one sentence; its reporter is not told of the `risk`."""
    kind = category.replace("_", " ").capitalize()
    standing = f"{kind}, reported on {received_on.day} {received_on:%B %Y}: {status}"
    return f"{standing}, {risk} risk." if risk else f"{standing}."


def digests_of_people(
    home: Mapping[str, Any] | None, alleged: Iterable[Mapping[str, Any]], reported_by: str | None
) -> list[str]:
    """Digests of whatever tells that two reports are about the same people, in the order of their texts.

    The home, by its UPRN and its address, the resident who reported, and those complained of by name, by
    address and by token.
    """
    home = home or {}
    known = {
        "home": [home.get("uprn"), f"{home['address']} {home['postcode']}" if home else None],
        "resident": [reported_by],
        "alleged": [each.get(name) for each in alleged for name in ("name", "address", "subject")],
    }
    texts = {f"{kind} {compared(said)}" for kind, all_said in known.items() for said in all_said if said}
    return [digest_of(text) for text in sorted(texts)]


def subjects_of(alleged: Iterable[Mapping[str, Any]]) -> list[str]:
    """The subjects of those complained of, as far as they are known: they never see the case."""
    return sorted({each["subject"] for each in alleged if "subject" in each})
