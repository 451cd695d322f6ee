"""Letters leave no faster than their provider takes them, and what is urgent always has room."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.notifications.models import Notice
from services.notifications.notices import sending
from services.notifications.notices.channels import Form, Letter, Recipient
from services.notifications.notices.channels.notify import Notify
from services.notifications.notices.compose import Composed
from services.notifications.notices.pacing import Pace
from services.notifications.notices.parts import Part
from services.notifications.notices.queries.attempts import NewAttempt
from services.notifications.notices.ready import Ready
from services.notifications.notices.rows import bundled
from services.notifications.policy import Urgency
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.work import unit_of_work
from tests.services.notifications.notify_server import KEY

AT_ONCE, SOON, IN_TURN = Urgency
A_MINUTE, KEPT_FREE, SAME_WORDS = 3000, 500, 20
BEGUN = """
    INSERT INTO letter_attempts
        (letter, number, reference, channel, form, status, status_at, began_at, content)
    SELECT gen_random_uuid(), 1, 'REP-7K3M-Q9TX', 'notify', 'text', 'sent', now(),
        now() - CAST(:ago AS interval), CAST(:content AS text)
    FROM generate_series(1, :count)
"""


def attempt(content: str | None = None) -> NewAttempt:
    return NewAttempt(uuid4(), "REP-7K3M-Q9TX", "notify", Form.TEXT, content)


def pace(room: float = A_MINUTE) -> Pace:
    return Pace({"notify": room}, KEPT_FREE, SAME_WORDS)


def leaving(pace: Pace, urgency: Urgency, tries: int, content: str | None = None) -> int:
    """The number of letters of which there is room for one after the other."""
    return sum(pace.has_taken(urgency, [attempt(content)]) for _ in range(tries))


def test_what_is_not_urgent_leaves_a_share_to_what_is() -> None:
    """A storm of thousands takes all but that, and nothing takes more than the limit of a minute."""
    minute = pace()
    assert leaving(minute, IN_TURN, 2 * A_MINUTE) == A_MINUTE - KEPT_FREE
    assert leaving(minute, SOON, 1) == 0
    assert leaving(minute, AT_ONCE, 2 * A_MINUTE) == KEPT_FREE
    assert minute.room == {"notify": 0}


def test_the_same_words_go_to_one_telephone_twenty_times_an_hour() -> None:
    """Urgent or not, as Notify refuses the next; other words, or another telephone, are counted apart."""
    hour = pace()
    assert leaving(hour, AT_ONCE, 30, "one") == SAME_WORDS
    assert leaving(hour, IN_TURN, 30, "another") == SAME_WORDS
    assert leaving(hour, IN_TURN, 30) == 30


def test_a_letter_takes_room_for_all_that_goes_with_it_or_for_nothing() -> None:
    """A letter that is held back leaves its room to the next."""
    last = pace(room=1)
    assert not last.has_taken(AT_ONCE, [attempt(), attempt()])
    assert last.room == {"notify": 1}
    said = pace()
    said.said = {"one": SAME_WORDS}
    assert not said.has_taken(AT_ONCE, [attempt("two"), attempt("one")])
    assert (said.room, said.said) == ({"notify": A_MINUTE}, {"one": SAME_WORDS})
    assert last.has_taken(AT_ONCE, [attempt()])


@pytest.fixture
def notify() -> Iterator[Notify]:
    """Notify, which is sent nothing here."""
    channel = Notify(KEY, "http://127.0.0.1:1", {Form.TEXT: "x"}, threads=1, per_minute=A_MINUTE)
    yield channel
    channel.close()


def ready(urgency: Urgency, words: str = "We have your report.") -> Ready:
    """A text that is composed, and nothing else of it."""
    id, row = uuid4(), bundled().rows[0]
    notice = Notice(id=id, reference="REP-7K3M-Q9TX", urgency=urgency)
    composed = Composed(id, [Recipient("Sam", phone="+447700900123")], Letter("", words), Form.TEXT)
    return Ready(id, [Part(notice, row, [])], {}, [composed], {})


async def begun(state: AppState, count: int, ago: timedelta, content: str | None = None) -> None:
    """Note that so many texts were begun by then."""
    async with transaction(state.database) as session:
        await session.execute(text(BEGUN), {"count": count, "ago": ago, "content": content})


async def going(state: AppState, notify: Notify, letters: Sequence[Ready]) -> list[Ready]:
    async with unit_of_work(state) as work:
        return [one.ready for one in await sending.begin(work, {Form.TEXT: notify}, letters)]


async def test_the_minute_is_counted_by_what_every_worker_began(resources: AppState, notify: Notify) -> None:
    """Earlier attempts do not count; the urgent one goes first, and an attempt is noted for each."""
    await begun(resources, 1000, timedelta(seconds=61))
    await begun(resources, A_MINUTE - KEPT_FREE - 1, timedelta(seconds=58))
    routine, more, urgent = ready(IN_TURN), ready(IN_TURN, "More."), ready(AT_ONCE, "Come.")
    assert await going(resources, notify, [routine, more, urgent]) == [urgent]
    async with transaction(resources.database) as session:
        count = await session.scalar(text("SELECT count(*) FROM letter_attempts WHERE status = 'sending'"))
    assert count == 1


async def test_a_full_minute_holds_back_what_is_urgent_too(resources: AppState, notify: Notify) -> None:
    """Notify would refuse it."""
    await begun(resources, A_MINUTE, timedelta(seconds=30))
    assert await going(resources, notify, [ready(AT_ONCE)]) == []


async def test_the_hour_of_the_same_words_is_counted_too(resources: AppState, notify: Notify) -> None:
    """By a digest of the words and the number, in which nobody reads either."""
    letter = ready(AT_ONCE)
    content = sending.content_of(letter.composed[0])
    await begun(resources, SAME_WORDS - 1, timedelta(minutes=59), content)
    await begun(resources, 5, timedelta(minutes=61), content)
    assert await going(resources, notify, [letter]) == [letter]
    assert await going(resources, notify, [ready(AT_ONCE), ready(AT_ONCE, "Other words.")]) != []
    assert await going(resources, notify, [ready(AT_ONCE)]) == []
