"""Errors of the database: transient ones are nobody's fault who asked, and some go away at once."""

from sqlalchemy.exc import DBAPIError as DatabaseError, TimeoutError as PoolExhausted

__all__ = ["DatabaseError", "PoolExhausted", "is_retryable", "is_transient", "is_unstorable_text"]

# SQLSTATEs, or how they begin: connection lost, rolled back by chance, out of resources, shutting down or
# starting up, read-only for as long as a standby takes over.
TRANSIENT = ("08", "40", "53", "57P", "25006")
# serialisation failure, deadlock
RETRYABLE = {"40001", "40P01"}
UNIQUE_VIOLATION = "23505"
# a text that PostgreSQL cannot hold, such as one with a NUL
UNSTORABLE_TEXT = {"22021", "22P05"}


def is_transient(problem: BaseException) -> bool:
    """Tell the database's own trouble (away, starting, full, in a deadlock) from what was asked of it.

    The error's family does not tell: a server that is starting up, a deadlock and a value that fits no
    column all arrive as the same plain DBAPIError. Only the SQLSTATE does, or a connection that is gone.
    """
    if isinstance(problem, DatabaseError):
        return problem.connection_invalidated or _sqlstate(problem).startswith(TRANSIENT)
    return isinstance(problem, OSError | PoolExhausted)


def is_retryable(problem: BaseException) -> bool:
    """Tell whether the same work may succeed at once: after a deadlock, or with another random reference."""
    if not isinstance(problem, DatabaseError):
        return False
    if _sqlstate(problem) == UNIQUE_VIOLATION:
        cause = problem.orig.__cause__ if problem.orig else None
        return str(getattr(cause, "constraint_name", None)).startswith("pk_")
    return _sqlstate(problem) in RETRYABLE


def is_unstorable_text(problem: DatabaseError) -> bool:
    """Tell a text that PostgreSQL cannot hold, such as one with U+0000."""
    return _sqlstate(problem) in UNSTORABLE_TEXT


def _sqlstate(problem: DatabaseError) -> str:
    return getattr(problem.orig, "sqlstate", None) or ""
