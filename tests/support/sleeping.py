"""Sleep under libfaketime, as a plugin of pytest: `-p tests.support.sleeping`.

Python's `time.sleep` waits for an instant of the monotonic clock. libfaketime 0.9.10 moves that instant,
and the system refuses it.
"""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex) -> None:
    """Wait for a span of time, which every clock agrees on."""
    select.select((), (), (), float(seconds))


time.sleep = sleep
