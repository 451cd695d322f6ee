"""Code smells that ruff does not know, and mistakes that were made in houses like this one."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
COMMITTING = {"shared/work.py", "shared/db/transaction.py", "shared/db/migrations.py"}

FLOORS = ("shared", "services", "gateway", "deploy")
SOURCES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts or path.name == "migration_steps.py"


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, Function))


def calls(path: Path) -> Iterator[str]:
    """The text of everything that is called: `session.commit`."""
    return (ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_are_short() -> None:
    """A file of more than 300 lines is split by use case into a package of the same name."""
    lengths = {named(path): len(path.read_text().splitlines()) for path in SOURCES if not is_migration(path)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    """No function, its docstring left out, is longer than 40 lines."""
    long = [
        f"{named(path)}: {function.name}"
        for path in SOURCES
        if not is_migration(path)
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    ]
    assert long == []


def length(function: Function) -> int:
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    docstring = ast.get_docstring(function, clean=False)
    return whole - (len(docstring.splitlines()) if docstring else 0)


def test_only_shared_db_commits() -> None:
    """One request or message is one transaction, so one place commits; migrations keep their own."""
    committing = {named(path) for path in SOURCES if any(call.endswith(".commit") for call in calls(path))}
    assert committing <= COMMITTING


@pytest.mark.parametrize(
    ("smell", "why"),
    [
        ("BaseHTTPMiddleware", "halves the requests a second and breaks context variables; write pure ASGI"),
        (".middleware(", "is BaseHTTPMiddleware in disguise; write pure ASGI"),
        ("request.url.path", 'can be forged by the Host header; decide on scope["path"]'),
        ("BackgroundTasks", "are lost on restart; record an event"),
        ("time.sleep", "stops every request of the process; await asyncio.sleep"),
    ],
)
def test_known_traps_are_not_stepped_into(smell: str, why: str) -> None:
    """Each of these has cost somebody an incident."""
    found = [named(path) for path in SOURCES if smell in code_of(path)]
    assert not found, f"{smell} {why}: {', '.join(found)}"


@cache
def code_of(path: Path) -> str:
    """The source without comments and docstrings, which may warn of a trap by name."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(value=None)
    return ast.unparse(tree)
