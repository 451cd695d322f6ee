"""Whose acts the acts on a repair are: what a refusal tells each caller that they may do instead."""

from collections.abc import Collection, Mapping

from services.repairs.appointments import policy as appointments
from services.repairs.decisions import policy as decisions
from services.repairs.hazards.policy import Act
from services.repairs.policy import ASSIGNMENT, UPDATES
from services.repairs.recharges import policy as recharges
from services.repairs.right_to_repair import policy as right_to_repair

# By the roles of tokens, the acts that a caller is told of. A firm may also name a hazard that it finds, and
# tell of safety work and of access attempts; these, named in a refusal, would tell it that there is one.
ACTS_OF: Mapping[str, frozenset[str]] = {
    "resident": frozenset(
        {
            decisions.CANCELLATION,
            appointments.APPOINTMENT,
            appointments.CANCELLATION,
            recharges.SIGNATURE,
            recharges.DECLINE,
            right_to_repair.ACT,
        }
    ),
    "frontend": frozenset({appointments.APPOINTMENT, appointments.CANCELLATION}),
    "contractor": frozenset({UPDATES, appointments.CANCELLATION, recharges.SIGNATURE}),
    "officer": frozenset(
        {
            ASSIGNMENT,
            UPDATES,
            decisions.PRIORITY,
            decisions.CANCELLATION,
            appointments.APPOINTMENT,
            appointments.CANCELLATION,
            recharges.QUOTE,
            recharges.SIGNATURE,
            recharges.DECLINE,
            recharges.WAIVER,
            right_to_repair.ACT,
            *Act,
        }
    ),
}


def acts_of(roles: Collection[str]) -> frozenset[str]:
    """The acts that a caller with these roles is told of, whether or not a repair allows them now."""
    return frozenset().union(*(ACTS_OF.get(role, frozenset()) for role in roles))
