"""Code smells that a reader must never meet, and mistakes that were made in houses like this one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
COMMANDS = ("gateway/clients.py", "gateway/keys.py")

FLOORS = ("shared", "services", "gateway", "deploy")
SOURCES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts or path.name == "migration_steps.py"


def talks_to_a_person(path: Path) -> bool:
    """Commands and what starts the house may print; a service writes structured logs."""
    relative = path.relative_to(ROOT)
    is_command = path.name == "__main__.py" or relative.as_posix() in {
        "gateway/clients.py",
        "gateway/keys.py",
    }
    return is_command or relative.parts[0] == "deploy"


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def calls(tree: ast.AST) -> Iterator[str]:
    """The text of everything that is called: `session.commit`, `print`."""
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(params=SOURCES, ids=named)
def source(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def tree(source: Path) -> ast.Module:
    return ast.parse(source.read_text())


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=named)
def test_no_import_hides_inside_a_function(path: Path) -> None:
    """Every import stands at the top, where the contracts and the reader see it."""
    hidden = [
        f"line {node.lineno}"
        for function in functions(ast.parse(path.read_text()))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_files_are_short(source: Path) -> None:
    """A file of more than 300 lines is split by use case into a package of the same name."""
    assert is_migration(source) or len(source.read_text().splitlines()) <= LONGEST_FILE


def test_functions_are_short(source: Path, tree: ast.Module) -> None:
    """No function, its docstring left out, is longer than 40 lines."""
    if not is_migration(source):
        assert [function.name for function in functions(tree) if length(function) > LONGEST_FUNCTION] == []


def length(function: Function) -> int:
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    docstring = ast.get_docstring(function, clean=False)
    return whole - (len(docstring.splitlines()) if docstring else 0)


def test_services_do_not_print(source: Path, tree: ast.Module) -> None:
    """A service speaks by structured log lines alone."""
    assert talks_to_a_person(source) or "print" not in calls(tree)


def test_only_shared_db_commits(source: Path, tree: ast.Module) -> None:
    """One request or message is one transaction, so one place commits; migrations keep their own."""
    if named(source) not in {"shared/work.py", "shared/db/transaction.py", "shared/db/migrations.py"}:
        assert [call for call in calls(tree) if call.endswith(".commit")] == []


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


def code_of(path: Path) -> str:
    """The source without comments and docstrings, which may warn of a trap by name."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(value=None)
    return ast.unparse(tree)
