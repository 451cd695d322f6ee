"""The register of appliances, from a file to the yearly service."""

from datetime import date, timedelta

from shared.clock import system_clock
from tests.end_to_end.houses import OFFICER, House


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
