"""Presenting problems: each with its promises and referrals, and the acts that the caller may do now."""

from collections.abc import Sequence

from services.estates.events import Referee
from services.estates.models import Issue, IssueReferral
from services.estates.policy.issue import LIFECYCLE
from services.estates.queries import issues as queries
from services.estates.schemas.issues import KINDS, IssueOut, IssueReferralOut, shown_referral
from shared.caller import Caller, Role
from shared.cases.address_book import spelt_both_ways
from shared.cases.deadlines import deadlines_of
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words
from shared.work import UnitOfWork


async def present(work: UnitOfWork, issue: Issue) -> IssueOut:
    """One problem that the caller sees, or that was reported just now."""
    [shown] = await present_all(work, [issue])
    return shown


async def present_all(work: UnitOfWork, issues: Sequence[Issue]) -> list[IssueOut]:
    """Problems that the caller sees, in the order given."""
    await work.session.flush()
    references = [issue.reference for issue in issues]
    promised = await deadlines_of(work, references)
    referrals = await queries.referrals(work, references)
    sites = await queries.sites_of(work, issues)
    homes = await spelt_both_ways(work, [issue.property for issue in issues])
    to_officer = work.caller.is_a(Role.OFFICER)
    return [
        IssueOut(
            **common_fields(
                issue,
                promised[issue.reference],
                work.now,
                _allowed(work, issue, referrals[issue.reference]),
                summary=in_words(f"{KINDS[issue.issue_kind]}: {issue.location}", issue),
                to_officer=to_officer,
            ),
            **IssueOut.own_fields(
                issue, home, _shown(work.caller, referrals[issue.reference]), to_officer=to_officer
            ),
            site_name=sites[issue.site].name if issue.site in sites else None,
        )
        for issue, home in zip(issues, homes, strict=True)
    ]


def _shown(caller: Caller, referrals: Sequence[IssueReferral]) -> list[IssueReferralOut]:
    """The referrals; the case of a service that a scope guards is named to whoever has that scope."""
    return [
        shown_referral(each, names_case=each.to != Referee.ASB or Referee.ASB in caller.scopes)
        for each in referrals
    ]


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a problem allows the caller now; asked after an act on it was refused."""
    issue = await queries.issue(work, reference)
    return _allowed(work, issue, (await queries.referrals(work, [issue.reference]))[issue.reference])


def _allowed(work: UnitOfWork, issue: Issue, referrals: Sequence[IssueReferral]) -> list[str]:
    return sorted(LIFECYCLE.allowed(work.caller.roles, issue.situation(len(referrals))))
