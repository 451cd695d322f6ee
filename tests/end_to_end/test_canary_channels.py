"""A victim's words leave by no channel: a letter to them has their own name and address, and nothing else."""

import json
import re
from collections.abc import AsyncIterator
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from services.notifications.notices import channels
from tests.end_to_end.canary.channels import CHANNELS, Providers
from tests.end_to_end.houses import ASB_OFFICER, CONFIDANT, House, one_process, var_folder
from tests.services.asb.telling import ON, Story
from tests.services.notifications.mail_server import mail_server
from tests.services.notifications.notify_server import KEY, TEMPLATES, notify_server
from tests.support.canaries import Canaries
from tests.support.eventually import eventually

REPORT = "/v1/asb"
PREFERRED = ("email", "mobile", "letter")
"""The ways in which victims want to be written to: by email, by text, by post."""
ACTS = ("damage", "updates", "action-plan", "risk", "closure")
OWN = r"/contact /(name|email|phone|address)$"
HOME = r"/property /(address|postcode)$"
DUTY_PHONE = "07700900999"
RECIPIENTS = "".join(
    f"""
[[department]]
name = "{department}"
team = "{team}"
email = "{team}@council.example"
duty_phone = "{DUTY_PHONE}"
emergencies_by = ["email", "text"]
"""
    for department, team in (("asb", "community"), ("repairs", "repairs"))
)
"""Each department that such a case concerns, with a telephone for emergencies."""
JOB = rf"/damage /for_contractor$|{HOME}"


@pytest.fixture(scope="module")
async def sent(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Providers, Canaries]]:
    """A house with all channels, after a case of each way to write to victims has been worked and told of."""
    folder = tmp_path_factory.mktemp("mail")
    (folder / "recipients.toml").write_text(RECIPIENTS)
    async with mail_server(folder) as mail, notify_server() as notify, var_folder() as var:
        settings = {
            "SMTP_URL": mail.url(),
            "SMTP_CA": str(folder / "server.pem"),
            "NOTIFY_KEY": KEY,
            "NOTIFY_URL": notify.url,
            "NOTIFY_TEMPLATES": json.dumps({form: TEMPLATES[form] for form in ("text", "letter")}),
            "DIGEST_MINUTES": "0",
            "RECIPIENTS_FILE": str(folder / "recipients.toml"),
        }
        async with one_process(var, **settings) as house:
            by, outside = await house.headers(ASB_OFFICER), await house.headers(CONFIDANT)
            story = Story(house.http, by, outside, (ASB_OFFICER,))
            providers = Providers(house, mail, notify)
            for preferred in PREFERRED:
                await work(story, preferred)
            await eventually(lambda: mail.letters and kinds(providers) == {"sms", "letter"}, 60)
            await eventually(partial(all_have_left, house), 60)
            await eventually(lambda: DUTY_PHONE in numbers(providers), 60)
            yield providers, story.canaries


def kinds(providers: Providers) -> set[str]:
    """The kinds of message that GOV.UK Notify has taken."""
    return {message["type"] for message in providers.notify.messages}


def numbers(providers: Providers) -> set[str]:
    """The telephones to which GOV.UK Notify has sent texts."""
    return {message.get("phone_number", "").replace("+44", "0") for message in providers.notify.messages}


async def all_have_left(house: House) -> bool:
    """Tell if no notice of anybody's waits."""
    waiting = [await house.get("/v1/notices", by=by, status="pending") for by in (ASB_OFFICER, CONFIDANT)]
    return not any(answer.json()["items"] for answer in waiting)


async def work(story: Story, preferred: str) -> None:
    """Report a hate crime, an emergency of the team, whose victim prefers that, and act on it."""
    contact = story.body(REPORT)["contact"]
    contact = {name: said for name, said in contact.items() if not name.startswith("safe_")}
    house = story.canaries.word(f"{REPORT} /contact /address").capitalize()
    address = f"{house} House\n1 Mercury Gardens\nRomford\nRM1 3SL"
    own = {**contact, "preferred_channel": preferred, "phone": "07700 900123", "address": address}
    opened = await story.post(REPORT, "", story.by, contact=own, category="hate_crime", reporter="victim")
    for act in ACTS:
        await story.post(f"{ON}/{act}", opened.json()["reference"], story.by)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_no_words_of_a_victim_leave(sent: tuple[Providers, Canaries], channel: str) -> None:
    """Neither to them, nor to staff, nor to whoever repairs the damage."""
    providers, canaries = sent
    texts = CHANNELS[channel](providers)
    hits = {canaries.sent[word] for text in texts for word in canaries.found_in(text.text)}
    wrong = {hit for hit in hits if not re.search(f"{OWN}|{JOB}", hit)}
    print(f"{channel}: {len(texts)} letters, {sum(len(text.text) for text in texts):,} characters")
    assert texts or channel == "mailbox", "nothing left by it"  # in the other house all letters lie there
    assert wrong == set()


async def test_letters_did_leave_by_each_provider(sent: tuple[Providers, Canaries]) -> None:
    """The search can fail: the victims' own addresses are found."""
    providers, canaries = sent
    for channel in ("smtp", "notify"):
        texts = CHANNELS[channel](providers)
        hits = {canaries.sent[word] for text in texts for word in canaries.found_in(text.text)}
        assert any(re.search(OWN, hit) for hit in hits), channel
    assert DUTY_PHONE in numbers(providers), "no emergency was told to a duty telephone"


def test_every_channel_is_searched() -> None:
    """One that is added later is searched too."""
    folder = Path(channels.__file__).parent
    modules = [import_module(f"{channels.__name__}.{each.name}") for each in iter_modules([str(folder)])]
    classes = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    named = {getattr(each, "name", "") for each in classes if hasattr(each, "deliver")} - {""}
    assert named == CHANNELS.keys()
