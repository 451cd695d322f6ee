"""The channels that a deployment's settings open, and settings by which nothing would leave."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.notifications.notices.channels import Form
from services.notifications.notices.channels.opening import BadChannels, check, open_channels
from services.notifications.notices.channels.smtp import BadServer
from shared.settings import Settings
from tests.services.notifications.notify_server import KEY, TEMPLATES

SMTP: Mapping[str, Any] = {"smtp_url": "smtps://housing:secret@mail.example:465"}
TEXTS: Mapping[str, Any] = {"notify_key": KEY, "notify_templates": {"text": TEMPLATES["text"]}}
ALL: Mapping[str, Any] = {"notify_key": KEY, "notify_templates": TEMPLATES}
ALONE = dict.fromkeys(Form, "mailbox")


@pytest.mark.parametrize(
    ("settings", "by"),
    [
        ({}, ALONE),
        (SMTP, {**ALONE, Form.EMAIL: "smtp", Form.CALL: "smtp"}),
        (TEXTS, {**ALONE, Form.TEXT: "notify"}),
        (ALL, dict.fromkeys(Form, "notify")),
        ({**SMTP, **TEXTS}, {**ALONE, Form.EMAIL: "smtp", Form.CALL: "smtp", Form.TEXT: "notify"}),
        (
            {**SMTP, **ALL},
            {Form.EMAIL: "smtp", Form.CALL: "smtp", Form.TEXT: "notify", Form.LETTER: "notify"},
        ),
    ],
)
async def test_each_form_leaves_by_the_channel_that_was_set(
    tmp_path: Path, settings: dict[str, Any], by: dict[Form, str]
) -> None:
    """The mail server comes before Notify for emails, and calls go with them to those who ring.

    What neither takes lies in the mailbox.
    """
    told = Settings(var=tmp_path, **settings)
    check(told)
    async with open_channels(told) as channels:
        assert {form: channel.name for form, channel in channels.items()} == by


async def test_the_limit_of_a_minute_is_that_of_the_settings(tmp_path: Path) -> None:
    """Only Notify has one."""
    told = Settings(var=tmp_path, **SMTP, **TEXTS, notify_per_minute=120, pace_kept_free=20)
    async with open_channels(told) as channels:
        limits = {channel.name: channel.per_minute for channel in channels.values()}
    assert limits == {"smtp": None, "notify": 120, "mailbox": None}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"notify_key": KEY}, "NOTIFY_TEMPLATES names no template"),
        ({"notify_templates": TEMPLATES}, "NOTIFY_KEY is not"),
        ({**ALL, "notify_key": "secret"}, "no key of GOV.UK Notify"),
        ({**ALL, "notify_templates": {"letter": "our letter"}}, "NOTIFY_TEMPLATES has, for letter"),
        ({"smtp_url": "mail.example"}, "SMTP_URL is smtps://host"),
        ({"smtp_url": "http://mail.example"}, "SMTP_URL is smtps://host"),
        ({"smtp_url": "smtp://user:secret@:587"}, "SMTP_URL is smtps://host"),
        ({"smtp_url": "smtp://mail.example:mail"}, "SMTP_URL is smtps://host"),
        ({**SMTP, "smtp_ca": Path(__file__)}, "SMTP_CA is no file of certificates"),
        ({**SMTP, "smtp_ca": Path("/nowhere.pem")}, "SMTP_CA is no file of certificates"),
    ],
)
def test_what_would_send_nothing_keeps_the_service_from_starting(
    settings: dict[str, Any], reason: str
) -> None:
    """It says which setting is wrong, and nothing of a password or key."""
    with pytest.raises((BadChannels, BadServer), match=reason) as refused:
        check(Settings(**settings))
    assert "secret" not in str(refused.value).replace("a secret", "")
