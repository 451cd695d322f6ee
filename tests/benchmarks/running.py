"""Loads in a process of their own, so that their work never delays what they measure."""

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Concatenate, ParamSpec

from tests.benchmarks.figures import BenchmarkFailed
from tests.benchmarks.load import Answers, Target

CONNECTIONS = 32

P = ParamSpec("P")


async def run_load(
    loop: Callable[Concatenate[Target, P], Answers], target: Target, *given: P.args, **named: P.kwargs
) -> Answers:
    """Run a load in a process of its own; raises BenchmarkFailed when anything was not created."""
    # Ctrl-C is ours to answer: what we started is stopped in order
    with ProcessPoolExecutor(1, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)) as own:
        answers = await asyncio.wrap_future(own.submit(loop, target, *given, **named))
    if answers.refused or not answers.references:
        raise BenchmarkFailed(f"{target.url} answered otherwise than 201: {dict(answers.refused)}.")
    return answers
