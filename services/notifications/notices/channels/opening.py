"""The channels of a deployment: by which each form of letter leaves, as the settings say."""

import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pkgutil import resolve_name
from typing import Any

from services.notifications.notices.channels import Channel, Form
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.channels.smtp import Smtp, connection_of
from services.notifications.notices.printing import for_the_post
from shared.settings import Settings

NOTIFY = "services.notifications.notices.channels.notify:Notify"

Channels = Mapping[Form, Channel]
"""The channel by which letters of each form leave."""

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(f".+-{UUID}-{UUID}")
TEMPLATE = re.compile(UUID)

NO_TEMPLATE = "NOTIFY_KEY is set, and NOTIFY_TEMPLATES names no template: nothing would leave by Notify."
NO_KEY = "NOTIFY_TEMPLATES is set, and NOTIFY_KEY is not: nothing would leave by Notify."
NOT_A_KEY = "NOTIFY_KEY is no key of GOV.UK Notify: it is a name, the service's id and a secret, with dashes."
NOT_A_TEMPLATE = "NOTIFY_TEMPLATES has, for {form}, what is no id of a template."
NO_CERTIFICATES = "SMTP_CA is no file of certificates that can be read."


class BadChannels(ValueError):
    """Settings by which no letter would leave as they say; it repeats no part of a key or password."""


def check(settings: Settings) -> None:
    """Raise BadChannels, or BadServer, for settings by which letters would not leave as they say."""
    if settings.smtp_url:
        connection_of(settings.smtp_url)
    if settings.smtp_ca is not None:
        try:
            ssl.create_default_context(cafile=settings.smtp_ca)
        except OSError:  # that of TLS is one, too
            raise BadChannels(NO_CERTIFICATES) from None
    if settings.notify_key and not settings.notify_templates:
        raise BadChannels(NO_TEMPLATE)
    if settings.notify_templates and not settings.notify_key:
        raise BadChannels(NO_KEY)
    if settings.notify_key and not NOTIFY_KEY.fullmatch(settings.notify_key):
        raise BadChannels(NOT_A_KEY)
    for form, template in settings.notify_templates.items():
        if not TEMPLATE.fullmatch(template):
            raise BadChannels(NOT_A_TEMPLATE.format(form=form))


@asynccontextmanager
async def open_channels(settings: Settings) -> AsyncIterator[Channels]:
    """Open the channels that the settings name; what none of them delivers lies in the mailbox."""
    channels: list[Channel] = []
    notify = None
    if settings.smtp_url:
        connections = settings.smtp_connections
        channels.append(
            Smtp(settings.smtp_url, settings.mail_from, ca=settings.smtp_ca, connections=connections)
        )
    if settings.notify_key and settings.notify_templates:
        channels.append(notify := _notify(settings))
    try:
        yield by_form(*channels, mailbox_of(settings))
    finally:
        if notify:
            notify.close()


def _notify(settings: Settings) -> Any:
    """GOV.UK Notify, for the forms that there is a template for; its client is loaded where it is used."""
    return resolve_name(NOTIFY)(
        settings.notify_key,
        settings.notify_url,
        {Form(form): template for form, template in settings.notify_templates.items()},
        threads=settings.notify_threads,
        per_minute=settings.notify_per_minute,
    )


def mailbox_of(settings: Settings) -> Mailbox:
    """The mailbox of a deployment, which prints letters if the settings say so."""
    printer = partial(for_the_post, council=settings.council) if settings.pdf_letters else None
    return Mailbox(settings.var / "mail", settings.mail_from, printer)


def by_form(*channels: Channel) -> Channels:
    """The channels by form; of those that deliver one form the first does.

    A call is an email to those who ring, so it leaves as emails do.
    """
    first = {form: channel for channel in reversed(channels) for form in channel.forms}
    return {**first, Form.CALL: first[Form.EMAIL]}
