"""The channels of a deployment: by which each form of letter leaves, as the settings say."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from services.notifications.notices.channels import Channel, Form
from services.notifications.notices.channels.mailbox import Mailbox
from services.notifications.notices.channels.notify import Notify
from services.notifications.notices.channels.smtp import Smtp
from services.notifications.notices.printing import for_the_post
from shared.settings import Settings

Channels = Mapping[Form, Channel]
"""The channel by which letters of each form leave."""


@asynccontextmanager
async def open_channels(settings: Settings) -> AsyncIterator[Channels]:
    """Open the channels that the settings name; what none of them delivers lies in the mailbox."""
    channels: list[Channel] = []
    if settings.smtp_url:
        connections = settings.smtp_connections
        channels.append(
            Smtp(settings.smtp_url, settings.mail_from, ca=settings.smtp_ca, connections=connections)
        )
    notify = _notify(settings)
    channels += [notify] if notify else []
    try:
        yield by_form(*channels, mailbox_of(settings))
    finally:
        if notify:
            notify.close()


def _notify(settings: Settings) -> Notify | None:
    """GOV.UK Notify, for the forms that there is a template for."""
    templates = {Form(form): template for form, template in settings.notify_templates.items()}
    if not (settings.notify_key and templates):
        return None
    return Notify(
        settings.notify_key,
        settings.notify_url,
        templates,
        threads=settings.notify_threads,
        per_minute=settings.notify_per_minute,
    )


def mailbox_of(settings: Settings) -> Mailbox:
    """The mailbox of a deployment, which prints letters if the settings say so."""
    printer = partial(for_the_post, council=settings.council) if settings.pdf_letters else None
    return Mailbox(settings.var / "mail", settings.mail_from, printer)


def by_form(*channels: Channel) -> Channels:
    """The channels by form; of those that deliver one form the first does."""
    return {form: channel for channel in reversed(channels) for form in channel.forms}
