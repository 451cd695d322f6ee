"""Reports of repairs: the faults of the guide in groups that fit on a phone, and the guide's questions."""

from services.board.acts.forms import Field, choice, words, yes_no
from services.board.reporting.common import WHERE_AND_WHO, reach
from services.board.reporting.questions import Kind, Step

PATH = "/v1/repairs"
FAULT = "fault"
ANOTHER_TOILET = yes_no(
    "other_working_toilet", "Is there another toilet that works in your home?", required=False
)
AT_PAN = yes_no(
    "at_toilet_pan",
    "Is it the toilet itself?",
    "Answer this for a drain that leaks or is blocked.",
    required=False,
)
DAMP = {"hazard.hazard": "damp-and-mould", "hazard.severity": "significant", FAULT: "other"}


def _repair(code: str, said: str, faults: tuple[str, ...], *more: Field) -> Kind:
    """A group of faults that people would look for under one name."""
    which = (choice(FAULT, "Which of these is it?", {}),) if faults else ()
    details = words("description", "Tell us more", "Which room is it in? What do you see?")
    return Kind(
        code=code,
        words=said,
        path=PATH,
        faults=faults,
        steps=(
            Step(title="What is wrong?", fields=(*which, *more, details)),
            WHERE_AND_WHO,
            reach("the repairs team, and the firm that comes", needs=True),
        ),
        fixed={} if faults else DAMP,
    )


REPAIRS = (
    _repair(
        "water",
        "Water, taps or pipes",
        (
            "total-loss-of-water",
            "partial-loss-of-water",
            "leaking-water-or-heating-pipe",
            "tap-not-turning",
            "blocked-sink-bath-basin-or-shower",
        ),
    ),
    _repair(
        "heating",
        "Heating, hot water or gas",
        ("loss-of-heating-or-hot-water", "loss-of-gas", "blocked-flue"),
    ),
    _repair(
        "power",
        "Electricity",
        ("total-loss-of-electricity", "partial-loss-of-electricity", "unsafe-electrical-fitting"),
    ),
    _repair(
        "toilet",
        "Toilet or drains",
        ("toilet-not-flushing", "blocked-or-leaking-drain"),
        ANOTHER_TOILET,
        AT_PAN,
    ),
    _repair(
        "doors",
        "Doors, windows or locks",
        ("insecure-window-door-or-lock", "frames-and-doors", "window-frames", "broken-door-entry-phone"),
    ),
    _repair(
        "inside",
        "Floors, stairs or kitchen",
        ("rotten-floor-or-stairs", "loose-banister-or-handrail", "worktops-and-sink-tops", "extractor-fan"),
    ),
    _repair("damp", "Damp or mould", ()),
    _repair("roof", "The roof, or another repair", ("leaking-roof", "other")),
)
