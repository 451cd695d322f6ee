"""The answer of another service about the home that a referral is about."""

from pydantic import ConfigDict

from shared.cases.contact import Contact
from shared.cases.property import Property
from shared.cases.schemas import RequestModel
from shared.cases.words import Words


class ReferredHome(RequestModel):
    """The home or place, what is wrong there, and whom to tell; anything more that is said is left unread."""

    model_config = ConfigDict(extra="ignore")

    property: Property | None = None
    place: Property | None = None
    description: Words
    contact: Contact | None
