"""Mail from its arrival to the answer, and mail about a case that another service has."""

from email.message import EmailMessage
from typing import Any

from tests.end_to_end.houses import ASB_OFFICER, OFFICER, RESIDENT, SAM, House
from tests.support.eventually import eventually

# a letter leaves, its delivery is told to enquiries, and that tells notifications
DELIVERED_SECONDS = 60.0
OLA = {"name": "Ola Reyes", "department": "enquiries"}
CANARY = "It was Quillfeather from number nine"
REPORT = {
    "category": "noise",
    "description": "Music until four.",
    "channel": "online",
    "contact": {"name": "Sam Jones", "email": SAM},
}


async def brought(house: House, text: str, subject: str) -> dict[str, Any]:
    """The outcome of a mail that the council's mail system brings."""
    email = EmailMessage()
    email["From"], email["Subject"] = f"Sam Jones <{SAM}>", subject
    email.set_content(text)
    headers = {**await house.headers(OFFICER), "Content-Type": "message/rfc822"}
    answer = await house.http.post("/v1/mail", content=email.as_bytes(), headers=headers)
    assert answer.status_code == 201, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


async def test_a_mail_is_acknowledged_and_answered_in_time(house: House) -> None:
    """The acknowledgement counts once it is delivered and names who deals with it; a reply opens it again."""
    reference = (await brought(house, "Where do the bins go?", "Bins"))["reference"]
    path = f"/v1/enquiries/{reference}"
    dates = await house.deadlines(reference, "running")
    assert set(dates) == {"enquiries.email.acknowledgement", "enquiries.response"}
    await house.act(f"{path}/assignment", {"handler": OLA})
    await house.act(f"{path}/acknowledgement", {})

    async def acknowledged() -> bool:
        found = await house.deadlines(reference)
        return bool(found["enquiries.email.acknowledgement"]["state"] == "met")

    await eventually(acknowledged, DELIVERED_SECONDS)
    await house.act(f"{path}/response", {"message": "To the left of the door."})
    await house.deadlines(reference, "met")

    async def answered() -> bool:
        bodies = [letter.get_body(("plain",)) for letter in house.letters("", SAM)]
        texts = [body.get_content() for body in bodies if body is not None]
        return any("To the left of the door." in text and reference in text for text in texts)

    await eventually(answered, DELIVERED_SECONDS)
    joined = await brought(house, "Which door?", f"Re: Our answer: {reference}")
    assert (joined["reference"], joined["outcome"]) == (reference, "reply")
    assert (await house.get(path)).json()["status"] == "reopened"


async def test_a_mail_about_a_repair_is_on_its_timeline_and_its_handler_is_told(house: House) -> None:
    """No enquiry is opened, and no clock runs but the repair's."""
    reference = (await house.report())["reference"]
    promised = set(await house.deadlines(reference))
    joined = await brought(house, "When do you come?", f"Re: {reference}")
    assert (joined["reference"], joined["outcome"]) == (reference, "joined")
    [told] = await house.notices(reference, "mail")
    assert told["audience"] == "handler"
    entries = (await house.get(f"/v1/cases/{reference}/timeline")).json()["entries"]
    assert "repairs.mail-received" in {entry["type"] for entry in entries}
    assert set(await house.deadlines(reference)) == promised


async def test_a_mail_about_anti_social_behaviour_is_in_the_diary_alone(house: House) -> None:
    """Neither a letter, nor a log, nor what the mail system is answered says anything of it."""
    reference = (await house.act("/v1/asb", REPORT, by=RESIDENT))["reference"]
    joined = await brought(house, CANARY, f"Re: {reference}")
    assert joined == {"reference": reference, "outcome": "joined", "written_by": "person"}
    diary = (await house.get(f"/v1/asb/{reference}/diary", by=ASB_OFFICER)).json()["items"]
    assert [entry["said"]["message"].strip() for entry in diary if entry["act"] == "mail"] == [CANARY]
    await house.notices(reference, "mail", by=ASB_OFFICER)
    assert not any(CANARY in str(letter) for letter in house.letters(""))
    assert CANARY not in str(house.log())
