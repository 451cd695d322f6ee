"""Progress: a bar on a terminal, a line now and then anywhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LINES = 10
"""The most lines that a log gets."""


@contextmanager
def progress(console: Console, what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show the progress of `total` steps; what it yields is called after each."""
    if not console.is_terminal:
        yield _lines(console, what, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def _lines(console: Console, what: str, total: int) -> Callable[[], None]:
    every = max(1, -(-total // LINES))
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % every == 0 or done == total:
            console.print(f"{what}: {done} of {total}")

    return step
