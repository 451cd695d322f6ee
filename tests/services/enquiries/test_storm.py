"""A storm of out-of-office replies: hundreds of machines answer one letter of ours."""

import asyncio
import os
from collections import Counter

from tests.services.enquiries.asking import Desk
from tests.services.enquiries.test_mail import mail, recorded, taken
from tests.support.in_process import InProcess

# with STORM_REPLIES=1000 it is what a letter to a whole estate brings back in August
MANY = int(os.environ.get("STORM_REPLIES", "300"))
AT_ONCE, ADDRESSES = 10, 100


async def test_a_storm_of_out_of_office_replies_comes_to_nothing(desk: Desk, services: InProcess) -> None:
    """All are filed with the enquiry; none starts a clock, opens a case, or is written to."""
    case = await desk.ask()
    reference = case["reference"]
    turn = asyncio.Semaphore(AT_ONCE)

    async def reply(number: int) -> str:
        away = mail(
            f"I am away until day {number}.", f"Automatic reply: {reference}", Auto_Submitted="auto-replied"
        )
        del away["From"]
        away["From"] = f"Sam {number} <sam{number % ADDRESSES}@example.org>"
        async with turn:
            return str((await taken(desk, away))["outcome"])

    outcomes = Counter(await asyncio.gather(*(reply(number) for number in range(MANY))))
    assert outcomes == {"filed": MANY}
    assert [each["reference"] for each in (await desk.read("enquiries"))["items"]] == [reference]
    after = await desk.read(f"enquiries/{reference}")
    assert (after["deadlines"], after["status"]) == (case["deadlines"], "received")
    # on the timeline once a day for each address
    assert Counter(await recorded(services, reference)) == {
        "enquiry-received": 1,
        "automatic-reply-filed": ADDRESSES,
    }
