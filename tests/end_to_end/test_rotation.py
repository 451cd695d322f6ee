"""Keys are rotated as docs/running.md says, beside a house that takes reports and acts all the while."""

import asyncio
import json
import os
import re
from pathlib import Path

from shared.encryption import Keys
from tests.end_to_end.houses import ASB_OFFICER, House
from tests.support.child import ROOT

COMMANDS = re.compile(r"^\.venv/bin/python -m deploy\.keys (?:rotate|list) asb$", re.MULTILINE)
REPORT = {
    "category": "noise",
    "description": "Music until four in the morning.",
    "channel": "phone",
    "contact": {"name": "Sam Jones", "email": "sam@example.org"},
}
BEFORE = 60


async def carry_out(command: str, house: House) -> str:
    """The words of a command of the page, run in the folder of the software as written there."""
    environment = {
        **os.environ,
        "VAR": str(house.var),
        "DATABASE_URLS": json.dumps({"asb": house.databases["asb"]}),
    }
    process = await asyncio.create_subprocess_shell(
        command,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_keys_are_rotated_under_load(house: House) -> None:
    """No report and no act is refused, each case is read all the while, nothing stays under the old key."""
    page = Path("docs/running.md")
    rotate, look = COMMANDS.findall((ROOT / page).read_text())
    file = house.var / "encryption" / "asb.json"
    old = Keys.read(file).primary
    references = [(await house.act("/v1/asb", REPORT, by=ASB_OFFICER))["reference"] for _ in range(BEFORE)]
    rotated, acts, reads = asyncio.Event(), 0, 0

    async def work(first: int) -> None:
        nonlocal acts, reads
        while not rotated.is_set():
            for reference in references[first:BEFORE:3]:
                path = f"/v1/asb/{reference}"
                await house.act(f"{path}/updates", {"message": "We wrote to them."}, by=ASB_OFFICER)
                seen = await house.get(path, by=ASB_OFFICER)
                assert seen.status_code == 200, seen.text
                assert seen.json()["description"] == REPORT["description"]
                references.append((await house.act("/v1/asb", REPORT, by=ASB_OFFICER))["reference"])
                acts, reads = acts + 2, reads + 1

    load = [asyncio.create_task(work(first)) for first in range(3)]
    await asyncio.sleep(1)
    said = await carry_out(rotate, house)
    rotated.set()
    await asyncio.gather(*load)
    print(said, f"meanwhile: {acts} writes and {reads} reads, none refused")
    assert acts > 10
    assert f"{old} still decrypts" in said
    assert "Nothing is left under an older key." in said
    listed = await carry_out(look, house)
    new = Keys.read(file).primary
    assert listed.split() == [old, new, "primary"]
    for reference in references:
        seen = (await house.get(f"/v1/asb/{reference}", by=ASB_OFFICER)).json()
        assert seen["contact"]["name"] == "Sam Jones"
    assert "Removed key" in await carry_out(f".venv/bin/python -m deploy.keys retire asb {old}", house)
    seen = await house.get(f"/v1/asb/{references[0]}", by=ASB_OFFICER)
    assert seen.json()["description"] == REPORT["description"]
