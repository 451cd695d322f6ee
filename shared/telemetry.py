"""Structured logs without personal data, the request id that follows a case, and the metrics.

What may be logged is an allow-list of field names. The text of an exception and the arguments of a
library's message can hold an address or what a victim said (a database's "Key (email)=(…) exists"),
so of an exception only its type and the code lines are kept, and of a library's message its template.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import orjson
from prometheus_client import Counter, Gauge, Histogram

request_id: ContextVar[str] = ContextVar("request_id", default="-")
service_name: ContextVar[str] = ContextVar("service_name", default="-")


ROOT = Path(__file__).parents[1]
OURS = ("shared", "services", "gateway", "deploy")
ALLOWED_FIELDS = (
    "service",
    "method",
    "route",
    "path",
    "status",
    "milliseconds",
    "caller",
    "reference",
    "sequence",
    "event_type",
    "event_id",
    "queue",
    "count",
    "attempt",
    "seconds",
    "error",
    "notice",
    "letter",
    "rung",
    "standard",
    "due_at",
    "upstream",
    "reason",
    "worker",
    "port",
)

REQUESTS = Histogram(
    "http_request_seconds",
    "Time from request to answer",
    ("service", "method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
PUBLISHED = Counter("events_published_total", "Events that the broker has confirmed", ("service",))
PUBLISH_FAILURES = Counter("event_publish_failures_total", "Publishing attempts that failed", ("service",))
OLDEST_UNPUBLISHED = Gauge(
    "oldest_unpublished_event_seconds", "Age of the oldest event still owed", ("service",)
)
CONSUMED = Counter("events_consumed_total", "Events taken in", ("queue",))
EVENT_CONFLICTS = Counter(
    "event_conflicts_total", "Events in whose place in their case another was received before", ("service",)
)
DEAD_LETTERS = Counter("events_dead_lettered_total", "Events given up on", ("queue",))
CONSUMER_LAG = Histogram(
    "event_lag_seconds",
    "From an event's recording to its handling",
    ("queue",),
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300),
)
OLDEST_OWED_NOTICE = Gauge(
    "oldest_owed_notice_seconds", "Age of the oldest notice that is due and not sent", ("service",)
)
CASES_WITHOUT_PROMISES = Gauge(
    "cases_without_promises", "Cases that have no promise, though every case of their kind has some"
)
UNDECRYPTABLE = Counter(
    "undecryptable_values_total", "Readings of a value that could not be decrypted", ("service",)
)
NOTICES = Counter("notices_total", "Notices by kind and outcome", ("kind", "outcome"))
NOTICE_DELAY = Histogram(
    "notice_delay_seconds",
    "From the instant a notice was due to its sending",
    ("kind",),
    buckets=(0.1, 0.5, 1, 2, 5, 10, 60, 600),
)


@contextmanager
def following(identifier: str) -> Iterator[None]:
    """Have everything that is logged meanwhile bear a request's id."""
    token = request_id.set(identifier)
    try:
        yield
    finally:
        request_id.reset(token)


def get_logger(name: str) -> logging.Logger:
    """The logger of a module."""
    return logging.getLogger(name)


class SafeJson(logging.Formatter):
    """One JSON object a line, of allow-listed fields only."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.partition(".")[0] in OURS
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if ours else str(record.msg).partition("\n")[0],
            "request_id": request_id.get(),
            "service": service_name.get(),
        }
        line |= {name: record.__dict__[name] for name in ALLOWED_FIELDS if name in record.__dict__}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z).decode()


def fault_of(problem: BaseException) -> str:
    """An exception without its text, which may name people: its type, and the last line of ours."""
    lines = traceback.extract_tb(problem.__traceback__)
    for line in reversed(lines):
        path = Path(line.filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS:
            return f"{type(problem).__name__} at {path.relative_to(ROOT)}:{line.lineno} in {line.name}"
    return type(problem).__name__


def _where(trace: TracebackType | None) -> list[str]:
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)[-8:]]


def configure_logging(level: str = "INFO", to: str | None = None) -> None:
    """Send every log line, the libraries' too, through SafeJson to standard error, or to the file `to`."""
    handler: logging.Handler = logging.FileHandler(to) if to else logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeJson())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    # What no line of ours shows is not gathered either (the manual's own advice): a third of a line's cost.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
    for noisy in ("aiormq", "aio_pika", "httpx", "asyncio"):
        logging.getLogger(noisy).setLevel("WARNING")
