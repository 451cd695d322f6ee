"""Forms of a hazard in a home, which is dealt with on its repair."""

from services.board.acts.common import REASON
from services.board.acts.forms import Form, choice, day, instant, line, words, yes_no

SEVERITY = choice("severity", "How grave is it?", {"emergency": "An emergency", "significant": "Significant"})
HEALTH = words("household_health", "Health of the household (optional)", "As it is known.", required=False)

HAZARD_FORMS = (
    Form(
        act="hazard",
        button="Name a hazard",
        done="The hazard is named.",
        follows="The clocks of the law run from when we became aware of it.",
        fields=(
            line("hazard", "Which hazard?", "As the rating system has it, such as damp-and-mould."),
            SEVERITY,
            instant("aware_at", "When did we become aware of it?", required=False),
            HEALTH,
        ),
        dated=False,
    ),
    Form(
        act="hazard/material-change",
        button="Record a change of the hazard",
        done="The change is recorded.",
        fields=(SEVERITY, words("change", "What changed?"), HEALTH),
    ),
    Form(
        act="hazard/investigation",
        button="Record the investigation",
        done="The investigation is recorded.",
        follows="The written summary and the works are due from its end on.",
        fields=(
            choice(
                "finding",
                "What was found?",
                {"emergency": "An emergency", "significant": "A significant hazard", "none": "No hazard"},
            ),
            yes_no("further_work_needed", "Is more work needed to keep it from coming back?"),
            yes_no("in_person", "Was somebody there in person?", required=False),
            line("investigator.name", "Who investigated? (optional)", required=False),
            words("investigator.competence", "Their competence (optional)", required=False),
        ),
    ),
    Form(
        act="hazard/in-person-request",
        button="Record that they ask for a visit",
        done="The request is recorded.",
        follows="The time for a visit in person runs from then on.",
    ),
    Form(
        act="hazard/summary",
        button="Keep the summary that was sent",
        done="The summary is kept.",
        follows="Give all its parts, as the tenant was sent them.",
        fields=(
            line("hazard", "Hazard that was found", required=False),
            words("action", "What is done about it", required=False),
            day("begin_by", "Work begins by", required=False),
            day("complete_by", "Work is done by", required=False),
            words("why_no_action", "Why nothing is done", required=False),
            words("contact", "Whom the tenant can ask", required=False),
            words("how_to_complain", "How to complain", required=False),
            words("told", "How the tenant was told", required=False),
            words("delivery", "Proof of delivery", required=False),
        ),
    ),
    Form(
        act="hazard/safety-work",
        button="Record safety work",
        done="The safety work is recorded.",
        fields=(words("work", "What was done? (optional)", required=False),),
    ),
    Form(
        act="hazard/preventive-work",
        button="Record preventive work",
        done="The preventive work is recorded.",
        fields=(
            words("steps", "Steps that were taken", required=False),
            yes_no("begun", "Has the work begun?", "Answer yes, or leave it open.", required=False),
            day("begin_by", "It will begin by", required=False),
            words("reason", "Why later?", required=False),
        ),
    ),
    Form(
        act="hazard/decant",
        button="Offer somewhere safe to stay",
        done="The offer is recorded.",
        follows="No clock stops.",
        fields=(
            REASON,
            words("suitability", "How the place suits them (optional)", required=False),
            day("from", "From"),
            day("to", "Until (optional)", required=False),
        ),
    ),
    Form(
        act="hazard/decant/answer",
        button="Record their answer",
        done="The answer is recorded.",
        fields=(
            yes_no("accepted", "Did they accept?"),
            words("suitability", "What they said of it (optional)", required=False),
        ),
    ),
    Form(
        act="hazard/reasonable-step",
        button="Record a step that took time",
        done="The step is recorded.",
        follows="It is evidence beside a breach, and stops no clock.",
        fields=(
            choice(
                "kind",
                "What was waited for?",
                {
                    "specialist": "A specialist",
                    "approval": "An approval",
                    "materials": "Materials",
                    "other": "Something else",
                },
            ),
            words("step", "What was done?"),
        ),
    ),
    Form(
        act="hazard/end",
        button="End the hazard",
        done="The hazard has ended.",
        follows="On a ground of the law alone; its promises fall away, and are not met.",
        fields=(
            choice(
                "because",
                "On which ground?",
                {"moved_out": "The household moved out", "consent_exhausted": "Consent cannot be had"},
            ),
            REASON,
        ),
    ),
    Form(
        act="hazard/access-attempt",
        button="Record that access was tried",
        done="The attempt is recorded.",
        fields=(
            line("way", "How was it tried?", "Knocked, rang, sent a text, left a card."),
            line("outcome", "What came of it?", "Nobody answered, or they said no."),
        ),
    ),
)
