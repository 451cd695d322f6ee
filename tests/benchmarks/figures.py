"""Figures that a benchmark finds, and the table they are shown in; progress while it looks."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table


class BenchmarkFailed(Exception):
    """A figure could not be taken; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    what: str
    value: str
    remark: str = ""


Section = tuple[str, list[Figure]]


class Steps:
    """Says what is being done: a line with a clock on a terminal, else a line of text."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> "Steps":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @contextmanager
    def step(self, what: str, total: int | None = None) -> Iterator["Step"]:
        """A step, for as long as the block runs; with a `total` it can say how far it is."""
        if not self._console.is_terminal:
            self._console.print(what)
        task = self._progress.add_task(what, total=total)
        yield Step(self._progress, task)
        self._progress.update(task, total=total or 1, completed=total or 1)


@dataclass(frozen=True, slots=True)
class Step:
    """A step under way."""

    _progress: Progress
    _task: TaskID

    def advance(self, by: int) -> None:
        """So much more of the total is done."""
        self._progress.advance(self._task, by)


def table(title: str, sections: Iterable[Section]) -> Table:
    """Every figure, section by section."""
    shown = Table(title=title, title_justify="left", show_lines=False)
    shown.add_column("Figure")
    shown.add_column("Value", justify="right", no_wrap=True)
    shown.add_column("Remark", style="dim")
    for name, figures in sections:
        shown.add_section()
        shown.add_row(f"[bold]{name}[/bold]", "", "")
        for figure in figures:
            shown.add_row(figure.what, figure.value, figure.remark)
    return shown


def a_second(rate: float) -> str:
    """A rate."""
    return f"{rate:,.0f} /s"


def milliseconds(seconds: float) -> str:
    """A duration of the size of a request."""
    return f"{seconds * 1000:,.1f} ms"
