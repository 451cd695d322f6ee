"""A rolling restart of the whole house, with every service asked meanwhile."""

from tests.end_to_end.deployment import Deployment
from tests.end_to_end.houses import ASB_OFFICER
from tests.end_to_end.restarting import Question, restart_everything
from tests.faults.verdicts import Verdict

QUESTIONS = (
    Question("/v1/worklist"),
    Question("/v1/repairs"),
    Question("/v1/tenancies"),
    Question("/v1/complaints"),
    Question("/v1/asb", by=ASB_OFFICER),
    Question("/v1/estates/issues"),
    Question("/v1/enquiries"),
    Question("/board", by=None),
    Question("/status", by=None),
)
"""A page of each process that serves."""


async def restart_in_turn(deployment: Deployment) -> list[Verdict]:
    """Restart every process, one after the other, while every service is asked, and judge."""
    restart = await restart_everything(deployment, deployment.house.var, QUESTIONS)
    asked, processes = restart.outcomes.total(), len(restart.before)
    return [
        Verdict(f"A rolling restart replaces every process ({processes})", (*restart.not_replaced,)),
        Verdict(f"No request failed meanwhile ({asked:,})", (*restart.failures,)),
    ]
