"""The people of a case where they must be known again, and nobody may read who they are."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from services.asb import policy
from services.asb.models import AsbCase
from services.asb.policy.sides import Sides, are_against_each_other
from shared.caller import pseudonym_of, pseudonyms_of
from shared.work import Work

Alleged = Iterable[Mapping[str, Any]]


def digests(
    work: Work, home: Mapping[str, Any] | None, alleged: Alleged, reported_by: str | None = None
) -> list[str]:
    """Keyed digests of what tells that two reports are about the same people."""
    return sorted(map(work.digest, policy.digests_of_people(home, alleged, reported_by)))


def kept_from(work: Work, alleged: Alleged) -> list[str]:
    """The pseudonyms of those complained of, as far as their tokens are known."""
    key = work.state.settings.pseudonym_key
    return sorted(pseudonym_of(subject, key) for subject in policy.subjects_of(alleged))


def is_complained_of(work: Work, case: AsbCase, subject: str) -> bool:
    """Tell whether somebody complained of has this token."""
    return case.is_complained_of(pseudonyms(work, subject))


def pseudonyms(work: Work, subject: str) -> Collection[str]:
    """The names by which a case is kept from a subject."""
    return pseudonyms_of(subject, work.state.settings.pseudonym_key)


def name_perpetrators(work: Work, case: AsbCase, alleged: Collection[Mapping[str, Any]]) -> None:
    """Have these complained of, and nobody else: none sees the case, is in its team or deals with it."""
    before = digests(work, None, work.opened(case).alleged_perpetrators)
    case.people = sorted({*case.people}.difference(before).union(digests(work, None, alleged)))
    work.assign(case, alleged_perpetrators=[*alleged])
    case.keep_from(kept_from(work, alleged), lambda subject: is_complained_of(work, case, subject))


def against_each_other(work: Work, one: AsbCase, other: AsbCase) -> bool:
    """Tell reports of which one complains of the other's reporter, as far as they tell it."""
    return are_against_each_other(*(_sides(work.opened(case)) for case in (one, other)))


def _sides(case: Any) -> Sides:
    return Sides(
        name=case.contact.get("name"),
        identities=frozenset(filter(None, (case.reported_by, case.resident))),
        home=case.property,
        alleged=case.alleged_perpetrators,
    )
