"""The channels by which letters leave, each as the texts that its provider was given."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.end_to_end.canary.places import Text, said_by
from tests.end_to_end.houses import House
from tests.services.notifications.mail_server import MailServer
from tests.services.notifications.notify_server import NotifyServer


@dataclass(frozen=True)
class Providers:
    """A house whose letters leave by all channels, and what stands at their other ends."""

    house: House
    mail: MailServer
    notify: NotifyServer


def by_smtp(providers: Providers) -> list[Text]:
    """Every email that the mail server has taken, with its headers."""
    return [said_by(letter) for letter in providers.mail.letters]


def by_notify(providers: Providers) -> list[Text]:
    """Every request that GOV.UK Notify has taken."""
    return [Text(f"{message['type']}", json.dumps(message)) for message in providers.notify.messages]


def by_mailbox(providers: Providers) -> list[Text]:
    """Every file in the mailbox."""
    return [Text(path.name, path.read_text()) for path in (providers.house.var / "mail").glob("*.eml")]


CHANNELS: Mapping[str, Callable[[Providers], list[Text]]] = {
    "smtp": by_smtp,
    "notify": by_notify,
    "mailbox": by_mailbox,
}
