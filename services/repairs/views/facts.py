"""Facts of repairs that their views and their rules rest on, read for many repairs at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.repairs.appointments import queries as appointments
from services.repairs.appointments.models import Appointment
from services.repairs.asb_damage import queries as asb_damage
from services.repairs.asb_damage.models import AsbDamage
from services.repairs.case.models import Repair
from services.repairs.case.policy import is_decision_pending
from services.repairs.case.priorities import standing
from services.repairs.case.situation import Situation
from services.repairs.events import HazardReported
from services.repairs.hazards import queries as hazards
from services.repairs.hazards.models import Hazard
from services.repairs.hazards.scope import LAW, why_not_covered
from services.repairs.recharges import queries as recharges
from services.repairs.recharges.models import Recharge
from services.repairs.right_to_repair import policy as right_to_repair
from shared.caller import Role
from shared.cases.address_book import spelt_both_ways
from shared.cases.deadlines import fold
from shared.events import Event
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import Creation, UnitOfWork, Work


@dataclass(frozen=True, slots=True)
class Facts:
    """One repair with its history, its promises, its home, and what each feature has of it.

    `not_covered` is the reason why no law covers its hazard, None if one does.
    """

    repair: Repair
    home: Mapping[str, Any]
    history: Sequence[Event]
    promises: Sequence[Deadline]
    appointment: Appointment | None = None
    recharge: Recharge | None = None
    hazard: Hazard | None = None
    not_covered: str | None = None
    asb_damage: AsbDamage | None = None

    def situation(self, work: Work) -> Situation:
        """The situation that the lifecycles judge an act of this caller by."""
        return self.repair.situation(
            work.now,
            by_officer=work.caller.is_a(Role.OFFICER),
            standing_priorities=tuple(standing(self.history)),
            visit_at=self.appointment.starts_at if self.appointment else None,
            recharge=self.recharge.status if self.recharge else None,
            decision_is_pending=is_decision_pending(self.history),
            **right_to_repair.facts(self.promises, work.now),
            **(self.hazard.facts() if self.hazard else {}),
        )


async def facts_of(work: UnitOfWork, repairs: Sequence[Repair]) -> list[Facts]:
    """The facts of these repairs, in their order, what this unit of work has added included."""
    references = [repair.reference for repair in repairs]
    await work.session.flush()
    histories = await work.history(references)
    promises = fold(work, histories)
    visits = await appointments.standing(work, references)
    charges = await recharges.current(work, references)
    named = await hazards.with_acts(work, references)
    damages = await asb_damage.of_repairs(work, references)
    homes = await spelt_both_ways(work, [repair.property for repair in repairs])
    return [
        Facts(
            repair,
            home,
            histories[repair.reference],
            promises[repair.reference],
            visits.get(repair.reference),
            charges.get(repair.reference),
            named.get(repair.reference),
            _not_covered(work, named.get(repair.reference), repair, promises[repair.reference]),
            damages.get(repair.reference),
        )
        for repair, home in zip(repairs, homes, strict=True)
    ]


async def facts_of_report(work: Creation, repair: Repair, hazard: Hazard | None) -> Facts:
    """The facts of a repair that is reported here, with the hazard that its report names: all there are."""
    histories = await work.history([repair.reference])
    promises = fold(work, histories)
    quoted = promises[repair.reference]
    not_covered = _not_covered(work, hazard, repair, quoted)
    history = histories[repair.reference]
    return Facts(repair, repair.property, history, quoted, hazard=hazard, not_covered=not_covered)


def _not_covered(
    work: Work, hazard: Hazard | None, repair: Repair, promises: Sequence[Deadline]
) -> str | None:
    """The reason why no law covers the hazard of a repair; None if one does, or if there is no hazard."""
    if hazard is None:
        return None
    of_the_law = (promise for promise in promises if promise.regime == LAW)
    if any(promise.start.facts.get("aware_at") == hazard.aware_at.isoformat() for promise in of_the_law):
        return None
    rows = [row for row in work.state.catalogue.starting(HazardReported.type) if row.regime.name == LAW]
    named = {"severity": hazard.severity, "hazard": hazard.hazard, "tenure": repair.tenure}
    return why_not_covered(rows, named, civil_date(hazard.aware_at))
