"""Values of facts of enquiries."""

from enum import StrEnum


class Channel(StrEnum):
    """The way an enquiry reached the council."""

    ONLINE = "online"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    IN_PERSON = "in_person"
    MOBILE = "mobile"
    CONTRACTOR = "contractor"
    OFFICER = "officer"


class Service(StrEnum):
    """A service of the housing department, or another one of the council or elsewhere."""

    REPAIRS = "repairs"
    ESTATES = "estates"
    RESIDENTS = "residents"
    ASB = "asb"
    COMPLAINTS = "complaints"
    ENQUIRIES = "enquiries"
    OTHER = "other"


class InformationKind(StrEnum):
    """A request under a law on information, which has an answering time of its own."""

    FREEDOM_OF_INFORMATION = "freedom_of_information"
    ENVIRONMENTAL_INFORMATION = "environmental_information"
    SUBJECT_ACCESS = "subject_access"
    DATA_PROTECTION_COMPLAINT = "data_protection_complaint"


class Need(StrEnum):
    """The thing that a requester has to give before a request can be answered."""

    CLARIFICATION = "clarification"
    IDENTITY = "identity"
    FEE = "fee"


class Ground(StrEnum):
    """The ground on which an enquiry is closed without an answer."""

    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NO_ENQUIRY = "no_enquiry"
    NOTHING_GIVEN = "nothing_given"
    FEE_NOT_PAID = "fee_not_paid"


class Place(StrEnum):
    """The place of an appointment."""

    OFFICE = "office"
    HOME = "home"


class Party(StrEnum):
    """The side that calls an appointment off."""

    RESIDENT = "resident"
    COUNCIL = "council"


class Topic(StrEnum):
    """The thing that feedback is about: a service, or the website."""

    REPAIRS = "repairs"
    ESTATES = "estates"
    RESIDENTS = "residents"
    ASB = "asb"
    COMPLAINTS = "complaints"
    ENQUIRIES = "enquiries"
    WEBSITE = "website"


class FeedbackKind(StrEnum):
    """Feedback, or praise."""

    FEEDBACK = "feedback"
    COMPLIMENT = "compliment"
