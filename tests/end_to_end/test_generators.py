"""Clients generated from the OpenAPI document, as a council's developers make theirs."""

import asyncio
import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.houses import REPORT, House

GENERATED = "generated_client"
BODIES = {"application/json", "application/x-www-form-urlencoded"}

Document = dict[str, Any]


@pytest.fixture(scope="module")
async def document(house_of_one_process: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document of a running house, in a file."""
    file = tmp_path_factory.mktemp("generators") / "openapi.json"
    file.write_bytes((await house_of_one_process.http.get("/openapi.json")).content)
    return file


@pytest.fixture(scope="module")
async def python_client(document: Path) -> tuple[Path, str]:
    """The folder of a generated Python client, and what its generator said."""
    folder = document.parent
    (folder / "config.yml").write_text("post_hooks: []\n")
    said = await run(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(document), "--output-path", str(folder / GENERATED)),
        *("--config", str(folder / "config.yml")),
        folder=folder,
    )
    return folder / GENERATED, said


async def run(*command: str, folder: Path) -> str:
    """The output of a command; fails with that when the command does."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return said


def raw_uploads(document: Document) -> set[str]:
    """The operations that take a file as their whole body, for which no generator makes a method."""
    return {
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if operation.get("requestBody") and not BODIES & operation["requestBody"]["content"].keys()
    }


async def test_the_python_generator_warns_of_nothing_but_raw_uploads(
    document: Path, python_client: tuple[Path, str]
) -> None:
    """No response, model or parameter is left out of the client."""
    _, said = python_client
    assert set(re.findall(r"WARNING parsing (\S+ \S+)", said)) == raw_uploads(
        json.loads(document.read_text())
    )
    assert "Unable to" not in said


@pytest.fixture
def generated(python_client: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the generated package, which can be imported."""
    folder, _ = python_client
    monkeypatch.syspath_prepend(str(folder.parent))
    yield GENERATED
    for name in [name for name in sys.modules if name.partition(".")[0] == GENERATED]:
        del sys.modules[name]


async def test_the_generated_python_client_reports_and_reads_a_repair(
    house_of_one_process: House, generated: str
) -> None:
    """With a token that it asked for itself; what comes back is typed, dates and all."""

    def part(name: str) -> Any:
        return importlib.import_module(f"{generated}.{name}")

    url = str(house_of_one_process.http.base_url)
    async with part("client").Client(base_url=url) as anonymous:
        form = {"grant_type": "client_credentials", "client_id": "demo-resident", "client_secret": "demo"}
        body = part("models.issue_token_body").IssueTokenBody.from_dict(form)
        granted = await part("api.gateway.issue_token").asyncio_detailed(client=anonymous, body=body)
    token = json.loads(granted.content)["access_token"]
    async with part("client").AuthenticatedClient(base_url=url, token=token) as client:
        body = part("models.report").Report.from_dict(dict(REPORT))
        reported = await part("api.repairs.report_repair").asyncio(client=client, body=body)
        read = await part("api.repairs.read_repair").asyncio(reported.reference, client=client)
        page = await part("api.repairs.list_repairs").asyncio(client=client, limit=1)
        refused = await part("api.repairs.read_repair").asyncio("REP-0000-0000", client=client)
    assert isinstance(read, part("models.repair_out").RepairOut)
    assert read.deadlines[0].due_at > read.received_at
    assert [each.reference for each in page.items] == [reported.reference]
    assert isinstance(refused, part("models.problem").Problem)
    assert refused.status == 404
