"""Pacing: how many letters a provider takes in a minute, and how often the same words go to one telephone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.notifications.notices.queries.attempts import NewAttempt
from services.notifications.policy import Urgency


@dataclass(slots=True)
class Pace:
    """The room that is left at providers, which each letter that leaves makes less.

    `room` is, by channel, the letters that it still takes within this minute, of which all that is not urgent
    leaves `kept_free` to what is. `said` is, by the digest of a text and its number, how often it was sent
    within this hour.
    """

    room: dict[str, float]
    kept_free: float
    same_text_per_hour: int
    said: dict[str, int] = field(default_factory=dict)

    def has_taken(self, urgency: Urgency, attempts: Sequence[NewAttempt]) -> bool:
        """Take the room that all attempts of a letter need; where one of them has none, none is taken."""
        kept_free = 0.0 if urgency is Urgency.AT_ONCE else self.kept_free
        room, said = dict(self.room), dict(self.said)
        for one in attempts:
            room[one.channel] -= 1
            if room[one.channel] < kept_free:
                return False
            if one.content:
                said[one.content] = said.get(one.content, 0) + 1
                if said[one.content] > self.same_text_per_hour:
                    return False
        self.room, self.said = room, said
        return True
