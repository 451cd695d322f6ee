"""Forms of anti-social behaviour: for officers with the scope, who are in the team of the case."""

from services.board.acts.common import CONTACT, HOME, IDENTIFICATION, NOTES, REASON, contact
from services.board.acts.forms import (
    Form,
    choice,
    day,
    forms,
    line,
    lines,
    number,
    words,
    yes_no,
)

CATEGORIES = {
    "violence": "Violence",
    "racial_harassment": "Racial harassment",
    "hate_crime": "Hate crime",
    "domestic_abuse": "Domestic abuse",
    "noise": "Noise",
    "harassment": "Harassment",
    "vandalism": "Vandalism",
    "drugs": "Drugs",
    "pets": "Pets",
    "rubbish": "Rubbish",
    "vehicles": "Vehicles",
    "other": "Something else",
}
BODIES = {
    "council": "The council",
    "police": "The police",
    "housing_provider": "A housing provider",
    "health": "A health body",
    "other": "Another body",
}
HATE = yes_no("hate_incident", "Is it a hate incident?", required=False)

ASB = forms(
    Form(
        act="victim-contact",
        button="Record contact with the victim",
        done="The contact is recorded.",
        follows="An attempt that reached nobody is kept, and keeps no promise.",
        fields=(
            line("method", "How?", "As in a call or a visit."),
            yes_no("reached", "Did you reach them?"),
            NOTES,
        ),
    ),
    Form(
        act="risk",
        button="Assess the risk",
        done="The risk is assessed.",
        follows="A high one is a manager's to review.",
        fields=(
            choice("score", "How high is it?", {"low": "Low", "medium": "Medium", "high": "High"}),
            REASON,
        ),
    ),
    Form(
        act="risk/review",
        button="Review the high risk",
        done="The risk is reviewed.",
        fields=(words("outcome", "What came of it?"),),
    ),
    Form(
        act="visit",
        button="Record the visit",
        done="The visit is recorded.",
        follows="A plan that was agreed there is then due in writing.",
        fields=(
            yes_no("action_plan_agreed", "Was a plan agreed?"),
            words("plan", "The plan (optional)", required=False),
            IDENTIFICATION,
        ),
    ),
    Form(
        act="action-plan",
        button="Keep the plan that was sent",
        done="The plan is kept.",
        fields=(words("plan", "The plan, in the words in which it was sent"),),
    ),
    Form(
        act="updates",
        button="Keep what the victim was told",
        done="The update is kept.",
        follows="The next one is due from here.",
        fields=(words("message", "What were they told?"),),
    ),
    Form(
        act="update-frequency",
        button="Agree how often we tell them",
        done="It is agreed.",
        fields=(
            choice(
                "every", "How often?", {"weekly": "Each week", "ten_working_days": "Every ten working days"}
            ),
            REASON,
        ),
    ),
    Form(
        act="incidents",
        button="Add an incident",
        done="The incident is added.",
        follows="The victim is contacted about it, and the risk is to be assessed again.",
        fields=(
            words("description", "What happened?"),
            day("happened_on", "On which day?", required=False),
            day("reported_on", "Reported on which day?", required=False),
            choice("reported_to", "Reported to whom?", BODIES, required=False),
            choice("category", "What kind is it?", CATEGORIES, required=False),
            HATE,
        ),
    ),
    Form(
        act="category",
        button="Correct the category",
        done="The category is corrected.",
        follows="The priority may be raised by it, and is never lowered.",
        fields=(choice("category", "What kind is it?", CATEGORIES, required=False), HATE, REASON),
    ),
    Form(
        act="priority",
        button="Raise the priority",
        done="The priority is raised.",
        fields=(number("priority", "Priority", "1 is the most urgent."), REASON),
    ),
    Form(
        act="actions",
        button="Add a tool or a partner",
        done="It is kept with the case.",
        fields=(
            line("kind", "Which tool or partner?"),
            line("reference", "Their reference (optional)", required=False),
            day("date", "On which day?"),
            NOTES,
        ),
    ),
    Form(
        act="joining",
        button="Join to an earlier case",
        done="The reports are joined.",
        fields=(line("reference", "Reference of the earlier case"), REASON),
    ),
    Form(act="home", button="Say which home it is about", done="The home is kept.", fields=HOME),
    Form(
        act="damage",
        button="Report damage to the home",
        done="The damage is reported.",
        follows="Damage that is ours becomes a repair; only the fault and the words for the firm go there.",
        fields=(
            words("description", "What is damaged? For the team alone."),
            yes_no("repair_responsibility", "Is it ours to repair?"),
            line("fault", "Fault, as in the repairs guide", required=False),
            words("for_contractor", "Words for the firm, with nothing of the case", required=False),
        ),
    ),
    Form(
        act="damage/outcome",
        button="Record what came of the damage",
        done="It is recorded.",
        fields=(
            number("damage", "Which damage?"),
            choice(
                "outcome",
                "What came of it?",
                {"made_safe": "It was made safe", "not_ours": "It is not ours to repair"},
            ),
            REASON,
        ),
    ),
    Form(
        act="closure",
        button="Close the case",
        done="The case is closed.",
        fields=(
            REASON,
            yes_no("agreed_with_victim", "Does the victim agree?", required=False),
            words("why_not", "Why is it closed without that?", required=False),
        ),
    ),
    Form(act="survey", button="Record that the questions were sent", done="It is recorded."),
    Form(
        act="survey/answers",
        button="Record the answers",
        done="The answers are recorded.",
        fields=(
            yes_no("satisfied", "Are they content?"),
            words("comments", "What they said (optional)", required=False),
            yes_no("complaint", "Do they want it to be a complaint?", required=False),
        ),
    ),
    Form(
        act="review",
        button="Review the closed case",
        done="The review is recorded.",
        fields=(
            choice(
                "outcome", "What came of it?", {"reopen": "It is opened again", "stand": "It stays closed"}
            ),
            REASON,
        ),
    ),
    Form(
        act="case-review",
        button="Apply for a case review",
        done="The application is kept.",
        fields=(
            words("grounds", "On what grounds? (optional)", required=False),
            line("applicant.name", "Who applies, if it is not the victim?", required=False),
            *contact("applicant.contact."),
            yes_no("consent", "Does the victim agree?", required=False),
        ),
    ),
    Form(
        act="case-review/referrals",
        button="Record which body got it",
        done="It is recorded.",
        fields=(line("body", "Which body?"), day("sent_on", "Sent on (optional)", required=False)),
    ),
    Form(
        act="case-review/decision",
        button="Decide on the review",
        done="The decision is kept.",
        fields=(
            yes_no("threshold_met", "Is a review held?"),
            words("persistence", "How it went on", required=False),
            words("harm", "Harm caused, or that could be", required=False),
            words("adequacy", "How well we answered so far", required=False),
        ),
    ),
    Form(
        act="case-review/outcome",
        button="Keep the outcome of the review",
        done="The outcome is kept.",
        fields=(
            words("outcome", "What came of it?"),
            words("recommendations.0.recommendation", "A recommendation (optional)", required=False),
            line("recommendations.0.body", "Which body carries it out?", required=False),
            day("recommendations.0.by", "By when?", required=False),
            day("told_on", "The applicant was told on", required=False),
        ),
    ),
    Form(
        act="case-review/completion",
        button="Record that it was carried out",
        done="It is recorded.",
        fields=(
            number("case_review", "Number of the review (optional)", required=False),
            number("recommendation", "Which recommendation?"),
            day("completed_on", "On which day?", required=False),
        ),
    ),
    Form(
        act="team",
        button="Say who may see the case",
        done="The team is kept.",
        follows="Those named may see it, and nobody else.",
        fields=(
            lines(
                "members", "Members of the team", "The subject of each officer's sign-in, one on each line."
            ),
            line("handler", "Who deals with it? (optional)", required=False),
        ),
        filled={"members": "team"},
    ),
    Form(
        act="alleged-perpetrators",
        button="Say who is complained of",
        done="It is kept with the case.",
        fields=(
            line("people.0.name", "Name", required=False),
            words("people.0.address", "Address", required=False),
            words("people.0.description", "Description", required=False),
            line("people.0.subject", "Subject of their sign-in, if they have one", required=False),
            REASON,
        ),
        emptied=("people",),
        filled={"people": "alleged_perpetrators"},
    ),
    Form(
        act="break-glass",
        button="Open in an emergency",
        done="The case is open to you.",
        follows="Your manager is told that you opened it, and why.",
        fields=(words("reason", "Why do you need it now?", "At least 20 characters."),),
    ),
    CONTACT,
)
