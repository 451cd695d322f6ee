"""Forms of tenancies, and of worries about a resident."""

from services.board.acts.common import ASSIGNMENT, CONTACT, IDENTIFICATION, MEETING, NOTES, REASON, contact
from services.board.acts.forms import Form, choice, day, forms, instant, line, words, yes_no

PLAN = (
    words("support_plan.summary", "Support plan: in short", required=False),
    words("support_plan.needs", "Support plan: needs", required=False),
    words("support_plan.goals", "Support plan: goals", required=False),
    words("support_plan.actions", "Support plan: what is done", required=False),
    day("support_plan.review_on", "Support plan: look at it again on", required=False),
)

TENANCIES = forms(
    Form(
        act="settling-in-visit/booking",
        button="Book the settling-in visit",
        done="The visit is booked.",
        fields=(MEETING,),
    ),
    Form(
        act="settling-in-visit",
        button="Record the settling-in visit",
        done="The visit is recorded.",
        follows="With the support plan that was made, or why there is none.",
        fields=(
            *PLAN,
            words("why_no_plan", "Why is there no plan?", required=False),
            IDENTIFICATION,
            instant("completed_at", "When was it?", "Now, if you leave it open.", required=False),
        ),
        dated=False,
    ),
    Form(act="support-plan/request", button="Record that they ask for a plan", done="It is recorded."),
    Form(act="support-plan", button="Record a support plan", done="The plan is recorded.", fields=PLAN),
    Form(
        act="joint-tenants",
        button="Say who else is a tenant",
        done="The tenants are kept.",
        follows="All but the first, as they are now. Nobody is written to where one of them may not be.",
        fields=(
            line("joint_tenants.0.tenant", "Name of the other tenant", required=False),
            *contact("joint_tenants.0.contact."),
        ),
        emptied=("joint_tenants",),
        filled={"joint_tenants": "joint_tenants"},
    ),
    Form(
        act="vulnerability",
        button="Correct the vulnerability",
        done="It is corrected.",
        fields=(yes_no("vulnerable", "Is the household vulnerable?"),),
    ),
    Form(
        act="visiting-in-pairs",
        button="Say if two people must go",
        done="It is kept. Those who go there are told, and not why.",
        follows="The household is not told. Each open repair at this home says so to whoever goes.",
        fields=(
            yes_no("visit_in_pairs", "Must two people go?"),
            REASON,
            day("review_on", "If they must: look at it again on", required=False),
        ),
        filled={"visit_in_pairs": "visit_in_pairs", "review_on": "visit_in_pairs_review_on"},
    ),
    CONTACT,
    Form(
        act="end",
        button="End the tenancy",
        done="The tenancy has ended.",
        fields=(day("ended_on", "On which day?", required=False),),
    ),
)

WELFARE = forms(
    ASSIGNMENT,
    Form(
        act="visit",
        button="Record a call at the home",
        done="The call is recorded.",
        fields=(yes_no("seen", "Was the resident seen?"), NOTES),
    ),
    Form(
        act="closure",
        button="End it",
        done="It is ended.",
        fields=(
            choice(
                "outcome",
                "What came of it?",
                {
                    "helped": "They were helped",
                    "no_concern": "There was no cause for worry",
                    "passed_on": "It was passed on",
                    "not_reached": "Nobody was reached",
                },
            ),
            words("notes", "Notes"),
        ),
    ),
)
