"""The register of appliances, from a file to the yearly service."""

from datetime import date, timedelta

from shared.clock import system_clock
from tests.end_to_end.houses import OFFICER, House, as_deployed

pytestmark = as_deployed


async def test_an_overdue_service_is_announced_and_then_done(house: House) -> None:
    """Loaded from a file with a bad line; the department is told of the late one, and of nobody else."""
    last_year = system_clock().date() - timedelta(days=400)
    file = f"""kind,address,postcode,last_serviced_on
heating,1 Mill Lane,RM1 1AA,{last_year}
fridge,2 Mill Lane,RM1 1AA,
"""
    headers = {"Content-Type": "text/csv", **await house.headers(OFFICER)}
    answer = await house.http.post("/v1/appliances/register", content=file, headers=headers)
    assert answer.status_code == 201, answer.text
    good, bad = answer.json()["lines"]
    assert (good["outcome"], bad["line"], bad["outcome"]) == ("registered", 3, "refused")

    reference = good["reference"]
    overdue = (await house.get("/v1/appliances", overdue="true")).json()["items"]
    assert reference in [item["reference"] for item in overdue]
    [breach] = await house.notices(reference, "breach")
    assert (breach["audience"], breach["standard"]) == ("department", "repairs.heating.annual-service")
    letters = house.letters(reference)
    assert [letter["Subject"].partition(":")[0] for letter in letters] == ["Overdue"]

    done = await house.act(f"/v1/appliances/{reference}/services", {"certificate": "CP12-0042"})
    assert [row["state"] for row in done["deadlines"]] == ["late", "running"]
    assert date.fromisoformat(done["next_service_due_at"][:10]) > system_clock().date()
    await house.act(f"/v1/appliances/{reference}/removal", {"reason": "Replaced by a heat pump."})


async def test_a_home_with_several_alarms_is_loaded_and_each_is_watched(house: House) -> None:
    """Told apart by where they are; the file sent twice registers none twice, an officer may add one more."""
    file = """kind,address,postcode,location
smoke_alarm,3 Mill Lane,RM1 1AA,Hall
smoke_alarm,3 Mill Lane,RM1 1AA,First-floor landing
smoke_alarm,3 Mill Lane,RM1 1AA,hall
"""
    headers = {"Content-Type": "text/csv", **await house.headers(OFFICER)}
    first, again = [
        (await house.http.post("/v1/appliances/register", content=file, headers=headers)).json()
        for _ in range(2)
    ]
    assert [line["outcome"] for line in first["lines"]] == ["registered", "registered", "refused"]
    assert "`location`" in first["lines"][2]["problem"]["detail"]
    references = [line["reference"] for line in first["lines"][:2]]
    assert [line["reference"] for line in again["lines"][:2]] == references
    home = {"address": "3 Mill Lane", "postcode": "RM1 1AA"}
    another = await house.act("/v1/appliances", {"kind": "smoke_alarm", "property": home, "location": "Hall"})
    for reference in (*references, another["reference"]):
        assert "repairs.smoke-alarm.annual-service" in await house.deadlines(reference)
