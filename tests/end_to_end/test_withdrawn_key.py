"""A signing key is withdrawn while the house runs: its tokens end, and all else goes on."""

from pathlib import Path

import jwt

from tests.end_to_end.houses import OFFICER, OPS, House, as_deployed
from tests.support.child import child


@as_deployed
async def test_a_withdrawn_key_stops_nobody_but_who_holds_its_tokens(house: House, tmp_path: Path) -> None:
    """The next tokens are believed at once, the old ones no longer, and the worker gets itself a new one."""
    before = await house.report()
    await house.notices(before["reference"], "acknowledgement")
    path = f"/v1/repairs/{before['reference']}"
    stolen = await house.headers(OFFICER)
    assert (await house.http.get(path, headers=stolen)).status_code == 200

    kid = jwt.get_unverified_header(stolen["Authorization"].removeprefix("Bearer "))["kid"]
    command = ("gateway.keys", "withdraw", "--", kid[:8])
    async with child(tmp_path, *command, environment={"VAR": str(house.var)}) as withdrawal:
        assert await withdrawal.ended() == 0, withdrawal.complained()
    assert "it signs at once" in withdrawal.said()

    house.sign_in_again()
    after = await house.report()
    assert (await house.http.get(path, headers=stolen)).status_code == 401
    [told] = await house.notices(after["reference"], "acknowledgement")
    assert told["status"] == "sent"


async def test_the_status_and_the_metrics_say_how_long_notices_are_owed(house: House) -> None:
    """Nothing is owed for long here; where all are one process, the gateway shows the metrics of all."""
    case = await house.report()
    await house.notices(case["reference"], "acknowledgement")
    said = await house.status()
    assert said["notifications"]["oldest_owed_notice_seconds"] < 60
    assert said["repairs"]["oldest_owed_notice_seconds"] is None
    if (house.var / "log.jsonl").exists():
        text = (await house.get("/metrics", by=OPS)).text
        assert 'oldest_owed_notice_seconds{service="notifications"}' in text
        assert 'oldest_unpublished_event_seconds{service="repairs"}' in text
