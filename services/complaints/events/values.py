"""Closed values of the facts of a complaint."""

from enum import IntEnum, StrEnum


class About(StrEnum):
    """The service that a complaint is about."""

    REPAIRS = "repairs"
    ASB = "asb"
    ESTATES = "estates"
    RESIDENTS = "residents"
    ENQUIRIES = "enquiries"
    STAFF = "staff"
    OTHER_SERVICE = "other_service"


class Route(StrEnum):
    """The ways in which a complaint is dealt with."""

    STAGE_1 = "stage_1"
    SERVICE_REQUEST = "service_request"
    OTHER_BODY = "other_body"
    REFUSED = "refused"
    PUT_RIGHT = "put_right"


class Ground(StrEnum):
    """The grounds on which the Code lets a complaint be refused; a letter from a solicitor is none."""

    OVER_TWELVE_MONTHS = "over_twelve_months"
    FILED_AT_COURT = "filed_at_court"
    CONSIDERED_BEFORE = "considered_before"
    OTHER = "other"


class Stage(IntEnum):
    """The two stages of a complaint."""

    ONE = 1
    TWO = 2


class Outcome(StrEnum):
    """The decision on a complaint, or on one point of it."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class Origin(StrEnum):
    """The answer, or the order, that an action was promised in."""

    STAGE_1 = "stage_1"
    STAGE_2 = "stage_2"
    OMBUDSMAN = "ombudsman"


class Severity(StrEnum):
    """The grade of a hazard that a complaint tells of."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"


class Interval(StrEnum):
    """The intervals of updates that can be agreed with a complainant."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class Referral(StrEnum):
    """The work for which a complaint is referred to another service."""

    SERVICE_REQUEST = "service_request"
    HAZARD = "hazard"
