"""docs/front-ends.md, carried out: its commands in one shell, and both of its clients against a house."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from tests.end_to_end.houses import House
from tests.support import programs
from tests.support.child import ROOT

PAGE = (ROOT / "docs" / "front-ends.md").read_text()
BLOCKS = re.findall(r"^(?:`([\w.]+)`[^\n]*:\n\n)?```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
FILES = {name: text for name, _, text in BLOCKS if name}
COMMANDS = [text for _, language, text in BLOCKS if language == "sh"]
AT = "http://localhost:8000"
LONGEST_CLIENT = 25


async def carry_out(commands: str, house: House, folder: Path) -> str:
    """The words of commands of the page, in a folder with its files, against this house."""
    at = str(house.http.base_url).rstrip("/")
    for name, text in FILES.items():
        (folder / name).write_text(text.replace(AT, at))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", commands.replace(AT, at)),
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return said


def of_tool(*tools: str) -> str:
    """The commands of the page that one of these begins."""
    return "".join(text for text in COMMANDS if text.split()[0] in tools)


async def test_the_commands_of_the_page_do_what_it_says(house_of_one_process: House, tmp_path: Path) -> None:
    """In one shell, one after the other; each `grep` of the page finds what it looks for."""
    commands = "".join(text for text in COMMANDS if text.split()[0] not in ("npx", "node", "python3"))
    said = await carry_out(commands, house_of_one_process, tmp_path)
    assert '"subject":"demo-resident"' in said
    assert said.count("HTTP/1.1 201") == 1
    assert '"next":' in said


async def test_the_client_in_python_runs(house_of_one_process: House, tmp_path: Path) -> None:
    """It reports a repair, is told its promise, and reads page after page."""
    said = (await carry_out(of_tool("python3"), house_of_one_process, tmp_path)).splitlines()
    assert re.fullmatch(r"REP-\w{4}-\w{4} We will finish an urgent repair within .* 20\d\d", said[0])
    assert any(line.startswith(said[0].split()[0]) and "'cancellation'" in line for line in said[1:])


async def test_the_client_in_typescript_compiles_and_runs(
    house_of_one_process: House, tmp_path: Path, typescript: Path
) -> None:
    """Its types are those of the house's own document, without a warning; no name is there twice."""
    (tmp_path / "node_modules").symlink_to(typescript / "node_modules")
    said = await carry_out(of_tool("npx"), house_of_one_process, tmp_path)
    assert not re.search("warn|error", said, re.IGNORECASE), said
    assert "RepairPage: {" in (tmp_path / "api.d.ts").read_text()
    reported = re.search(r"^(REP-\w{4}-\w{4}) We will finish", said, re.MULTILINE)
    assert reported is not None, said
    assert re.search(rf"^{reported[1]} \[[^\]]*'cancellation'", said, re.MULTILINE)
    assert "404 There is no such case for this caller." in said


@pytest.mark.parametrize("name", ["client.mts", "client.py"])
def test_a_client_is_short(name: str) -> None:
    """About twenty lines, or nobody would begin with it."""
    lines = [line for line in FILES[name].splitlines() if line and not line.startswith(("import", "from"))]
    assert len(lines) <= LONGEST_CLIENT


def test_every_command_of_the_page_is_run() -> None:
    """None stands outside of the blocks that are carried out."""
    assert programs.succeeds("bash", "-n", "-c", "\n".join(COMMANDS))
    assert set(re.findall(r"```(\w+)", PAGE)) == {"sh", "typescript", "python"}
