"""Lists of a form: items that were left empty go, those after them move up, one more can be had."""

from services.board.acts.forms import Form
from services.board.acts.reading import named_by_pointer, read
from services.board.acts.repeating import MOST_ITEMS, adding, first_of_last, with_items
from services.board.acts.tables import form_of

SAFE_TIMES = "joint_tenants.0.contact.safe_times"


def form(prefix: str, act: str) -> Form:
    found = form_of(prefix, act)
    assert found is not None
    return found


def names(of: Form, listed: str) -> list[str]:
    return [field.name for field in of.fields if field.name.startswith(f"{listed}.")]


REPLY = form("CMP", "response")
TENANTS = form("TEN", "joint-tenants")


def test_an_empty_form_asks_for_one_item_of_each_list() -> None:
    """A form without repeated items, as its table has it, stays as it is."""
    assert with_items(REPLY, {}) == (REPLY, {})


def test_one_more_is_numbered_and_what_was_typed_stays() -> None:
    """Its parts are optional: who asked for one too many leaves it empty."""
    typed = {
        "actions.0.description": ["Mend the roof"],
        "actions.0.by": ["2026-12-01"],
        "outcome": ["upheld"],
    }
    asked, kept = with_items(REPLY, typed, more="actions")
    assert kept == typed
    assert names(asked, "actions")[3:] == ["actions.1.description", "actions.1.by", "actions.1.owner"]
    second = next(field for field in asked.fields if field.name == "actions.1.by")
    assert (second.label, second.required) == ("2. By when?", False)
    assert first_of_last(asked, "actions") == "actions.1.description"
    assert adding(asked)["actions.1.owner"] == [("actions", "Something that we will do (optional)")]


def test_items_after_an_empty_one_move_up() -> None:
    """So a refusal's pointer into the body leads to the field on the page."""
    typed = {
        "actions.0.description": [" "],
        "actions.0.by": [""],
        "actions.1.description": ["Paint the door"],
        "actions.3.description": ["Mend the roof"],
        "actions.3.by": ["2026-12-01"],
    }
    asked, kept = with_items(REPLY, typed)
    assert kept["actions.1.by"] == ["2026-12-01"]
    body = read(asked, {**kept, "outcome": ["upheld"], "findings": ["Seen"]}).body
    assert body["actions"] == [
        {"description": "Paint the door"},
        {"description": "Mend the roof", "by": "2026-12-01"},
    ]
    wrong = named_by_pointer(asked, [{"pointer": "/actions/1/by", "detail": "it is past"}])
    assert wrong == {"actions.1.by": "It is past"}


def test_a_list_within_an_item_takes_more_alone() -> None:
    """The safe times of one tenant, and not of the other."""
    typed = {"joint_tenants.0.tenant": ["Ben"], "joint_tenants.1.tenant": ["Cy"]}
    asked, kept = with_items(TENANTS, typed, more=SAFE_TIMES)
    assert first_of_last(asked, SAFE_TIMES) == f"{SAFE_TIMES}.1.days"
    assert len(names(asked, "joint_tenants.1.contact.safe_times")) == 3
    days = {f"{SAFE_TIMES}.1.days": ["monday", "friday"], f"{SAFE_TIMES}.1.from": ["10:00"]}
    body = read(*with_items(TENANTS, {**kept, **days})).body
    assert body["joint_tenants"] == [
        {"tenant": "Ben", "contact": {"safe_times": [{"days": ["monday", "friday"], "from": "10:00"}]}},
        {"tenant": "Cy"},
    ]


def test_none_of_a_list_that_takes_the_place_of_another_is_an_empty_list() -> None:
    """The last joint tenant can leave."""
    assert read(*with_items(TENANTS, {"joint_tenants.0.tenant": [""]})).body == {"joint_tenants": []}


def test_names_that_nobody_could_have_typed_make_no_items() -> None:
    """A number of many digits, words in its place, and a field that is not in the form."""
    strange = {f"actions.{'9' * 5000}.by": ["x"], "actions.x.by": ["x"], "actions.7.secret": ["x"]}
    asked, _ = with_items(REPLY, strange)
    assert asked == REPLY
    assert first_of_last(asked, "") == first_of_last(asked, "secrets") == ""


def test_a_list_ends_somewhere() -> None:
    """The interface takes no more either."""
    typed = {f"actions.{number}.description": ["Paint"] for number in range(MOST_ITEMS)}
    asked, _ = with_items(REPLY, typed)
    lists = {listed for after in adding(asked).values() for listed, _ in after}
    assert lists == {"points", "remedies"}
