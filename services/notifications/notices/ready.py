"""Letters that are ready to be sent: what leaves, to whom, and what it says of each notice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from services.notifications import policy
from services.notifications.notices.channels.opening import Channels
from services.notifications.notices.compose import Composed
from services.notifications.notices.parts import CaseContext, Part
from services.notifications.notices.queries.leaving import Said
from services.notifications.notices.queries.letters import Words
from services.notifications.policy import Urgency


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that is composed, and what goes along with it.

    `contexts` and `words` are by reference: a digest tells of several cases. Of a case of which nothing is
    kept here there are no words. `said` is by the ids of its notices.
    """

    id: UUID
    parts: Sequence[Part]
    contexts: Mapping[str, CaseContext]
    composed: Sequence[Composed]
    words: Mapping[str, Words]
    said: Mapping[UUID, Said] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The case that it is about, of a digest the first."""
        return self.parts[0].notice.reference

    @property
    def request_id(self) -> str:
        """The id of the request that it goes back to; its own where there was none."""
        return self.parts[0].notice.request_id or str(self.id)

    @property
    def urgency(self) -> Urgency:
        """The urgency of the most urgent of its notices."""
        return Urgency(min(part.notice.urgency for part in self.parts))

    @property
    def goes_outside(self) -> bool:
        """Tell a letter to somebody outside."""
        readers = {self.contexts[part.notice.reference].reader_of(part.notice) for part in self.parts}
        return not policy.OUTSIDE.isdisjoint(readers)

    @property
    def copies_first(self) -> Sequence[Sequence[Composed]]:
        """The copies, and then the letter itself: once that has left, nothing more can fail."""
        copies = [one for one in self.composed if one.is_copy]
        return [copies, [one for one in self.composed if not one.is_copy]]

    def for_channels(self, channels: Channels) -> "Ready":
        """The letter as its channels take it: where one takes one reader at a time, apart for each."""
        each = [part for one in self.composed for part in _for_each_reader(one, channels)]
        return replace(self, composed=each)


def _for_each_reader(one: Composed, channels: Channels) -> Iterator[Composed]:
    """The letter of each of the staff is named by their address, and so the same whoever else reads it."""
    if one.is_for_resident or not channels[one.form].one_reader:
        yield one
        return
    for reader in one.recipients:
        name = uuid5(one.id, reader.email or reader.phone or reader.address or "")
        yield replace(one, id=name, recipients=[reader])
