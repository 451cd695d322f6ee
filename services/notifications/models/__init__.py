"""The tables of notifications: the events received of each case, its deadlines, and the notices about it."""

from services.notifications.models.cases import (
    STATES as STATES,
    Base as Base,
    CaseEvent as CaseEvent,
    WatchedCase as WatchedCase,
    WatchedDeadline as WatchedDeadline,
)
from services.notifications.models.letters import NoticeRead as NoticeRead, SentLetter as SentLetter
from services.notifications.models.notices import LetterAttempt as LetterAttempt, Notice as Notice
from services.notifications.models.operations import (
    CalendarChange as CalendarChange,
    DiscardedLetter as DiscardedLetter,
    Reconciliation as Reconciliation,
    StandardsChange as StandardsChange,
)
