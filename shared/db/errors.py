"""Errors of the database: which are transient, and so nobody's fault who asked."""

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

# SQLSTATEs, or how they begin: connection lost, rolled back by chance, out of resources, shutting down or
# starting up, read-only for as long as a standby takes over.
PASSING = ("08", "40", "53", "57P", "25006")


def is_transient(problem: BaseException) -> bool:
    """Whether a failure is the database's (away, starting, full, in a deadlock) and not what was asked of it.

    The error's family does not tell: a server that is starting up, a deadlock and a value that fits no
    column all arrive as the same plain DBAPIError. Only the SQLSTATE does, or a connection that is gone.
    """
    if isinstance(problem, DBAPIError):
        state = getattr(problem.orig, "sqlstate", None) or ""
        return problem.connection_invalidated or state.startswith(PASSING)
    return isinstance(problem, OSError | PoolTimeout)
