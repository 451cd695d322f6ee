"""Settings of a deployment, from the environment; see docs/running.md for the list in words."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy.engine import make_url

from shared.directory import DIRECTORY, Directory

ORIGIN = re.compile(r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")
SECURE_ADDRESS = re.compile(r"https://[^/]|http://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)")
DEFAULT_PORTS = {"https": ":443", "http": ":80"}
AN_ORIGIN = (
    "give it as a browser sends it, such as https://housing.example or http://localhost:5173, in small "
    "letters, without a path and without the usual port; a * stands alone"
)


S = TypeVar("S", bound=BaseSettings)

OF_FIELD = re.compile(r'field "(\w+)"')


class BadSettings(ValueError):
    """Settings with which nothing can be started, in one sentence that repeats no value."""


def from_environment(kind: type[S], **given: Any) -> S:
    """The settings of that kind, those `given` before those of the environment; raises BadSettings."""
    prefix = kind.model_config.get("env_prefix", "")
    try:
        return kind(**given)
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        setting = "".join(f"{prefix}{part}: " for part in fault["loc"][:1]).upper()
        raise BadSettings(setting + fault["msg"].removeprefix("Value error, ")) from None
    except SettingsError as wrong:  # of a list or mapping, before it is looked at
        field = OF_FIELD.search(str(wrong))
        setting = f"{prefix}{field[1]}".upper() if field else "a setting"
        raise BadSettings(f"{setting}: This is not JSON") from None


class Settings(BaseSettings):
    """Settings shared by every process; each has a default that works on one machine.

    A list or mapping is given as JSON, `STANDARDS` as paths with commas between. One that names a
    service which the directory lacks is refused. Errors repeat no value, which may be a secret.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    directory: Directory = DIRECTORY

    postgres_url: str = "postgresql://postgres@127.0.0.1:5432"
    database_urls: dict[str, str] = Field(default_factory=dict)
    # the server as the owner of the tables, by whom they are migrated; empty: as the services reach it
    migrations_url: str = ""
    pool_size: int = 20
    pool_timeout: float = 5.0

    rabbitmq_url: str = "amqp://guest:guest@127.0.0.1:5672/"
    broker_prefix: str = "housing"

    var: Path = Path("var")
    standards: str = ""
    log_level: str = "INFO"
    workers: bool = True
    # the first of the ports at which `make up` has its workers show their metrics
    worker_metrics_from: int = 8201
    # where a worker that runs apart shows its metrics; 0: nowhere
    metrics_port: int = 0

    gateway_url: str = "http://127.0.0.1:8000"
    # the hosts in the addresses by which callers reach the gateway; that of GATEWAY_URL is one besides
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    # the origins whose pages may read answers in a browser; one * alone is every origin
    cors_origins: tuple[str, ...] = ()
    service_urls: dict[str, str] = Field(default_factory=dict)
    issuer: str = "urn:housing-service-standards"
    audience: str = "housing"
    jwks_url: str = ""
    # the council's own sign-in, an OpenID provider; without a JWKS_URL it is asked where its keys are
    oidc_issuer: str = ""
    oidc_jwks_url: str = ""
    # the audience of its access tokens; empty: as of our own
    oidc_audience: str = ""
    # a TOML file that says what its claims grant; none: they are named as in our own tokens
    oidc_claims_file: Path | None = None
    # of the client by which this service asks others, whose id is the service's name
    client_secret: str = ""
    # signs the cursors of lists; empty: the client secret does
    cursor_secret: str = ""

    # by which a case says from whom it is kept, and names nobody; the same for every service
    pseudonym_key: str = ""
    # the folder of the files of encryption keys, <service>.json; a service reads its own alone
    encryption_keys: Path | None = None

    signing_keys: Path | None = None
    clients_file: Path | None = None
    token_seconds: int = 900
    # of a token that was exchanged for the sign-in's own, which cannot be renewed
    exchanged_token_seconds: int = Field(default=3600, le=24 * 3600)

    # redis://host:6379, where replicas of the gateway count requests together; empty: each counts alone
    redis_url: str = ""
    rate_limit_per_minute: int = 1200
    rate_limit_machines_per_minute: int = 12000
    claims_per_hour: int = 10
    body_limit: int = 1024 * 1024
    connect_timeout: float = 1.0
    upstream_timeout: float = 10.0
    # how long a report waits for the needs of its household, at most
    household_timeout: float = 0.3

    # section 104 of the 2014 Act lets the relevant bodies set their own threshold of a case review
    case_review_reports: int = Field(default=3, ge=1)
    case_review_reported_within_months: int = Field(default=1, ge=1)
    case_review_applied_within_months: int = Field(default=6, ge=1)
    # the relevant bodies, each of which gets an application
    case_review_bodies: list[str] = ["police", "integrated care board", "housing provider"]

    # how often, and in how many days, offensive graffiti comes to a site before the ASB team is shown it
    offensive_graffiti_times: int = Field(default=3, ge=1)
    offensive_graffiti_within_days: int = Field(default=30, ge=1)

    # how long the answer to a request with an Idempotency-Key is kept, and replayed
    idempotency_hours: float = Field(default=48.0, ge=24.0)
    # how long an event that was taken in is known, and a copy of it dropped
    inbox_days: float = Field(default=30.0, ge=7.0)

    sweep_seconds: float = 1.0
    bank_holidays_url: str = "https://www.gov.uk/bank-holidays.json"
    # how long a change of the calendar waits for every service to have it, at most
    calendar_rollout_seconds: float = Field(default=5.0, ge=0.0, le=5.0)
    # how long a letter about new dates waits for more of them
    new_dates_wait_seconds: float = Field(default=900.0, ge=0.0)
    # by when the events of a case have surely arrived, or else are missing
    reconcile_after_seconds: float = 300.0
    council: str = "the council"
    # the homes that the council owns, by the year whose April begins the reporting year
    homes_owned: dict[int, int] = Field(default_factory=dict)
    mail_from: str = "housing@council.example"
    # smtps://user:password@host:465, or smtp://…:587 with STARTTLS, which ?starttls=never leaves out on one's
    # own machine; empty: letters lie in a folder, as files
    smtp_url: str = ""
    # the certificate of the authority by which that server is known, where it is no public one
    smtp_ca: Path | None = None
    # so many letters at once, by connections of their own
    smtp_connections: int = Field(default=8, ge=1)
    # GOV.UK Notify: the key of our service there, and its templates by form: email, text, letter
    notify_key: str = ""
    notify_templates: dict[Literal["email", "text", "letter"], str] = Field(default_factory=dict)
    notify_url: str = "https://api.notifications.service.gov.uk"
    # requests at once of what is urgent, and so many more of all else
    notify_threads: int = Field(default=8, ge=1)
    notify_per_minute: int = Field(default=3000, ge=1)
    # the bearer token that Notify sends its receipts and received texts with; empty: none is taken
    notify_callback_token: str = ""
    # so many letters a minute of a provider's limit are left to what is urgent
    pace_kept_free: float = Field(default=500.0, ge=0.0)
    # GOV.UK Notify refuses more texts of the same words to one number in an hour
    same_text_per_hour: int = Field(default=20, ge=1)
    # where departments read their notices; {department} and {audience} are filled in
    department_email: str = "{department}-{audience}@council.example"
    # letters are kept as they were sent for six years, the limit of most claims (Limitation Act 1980)
    letters_kept_days: float = Field(default=2192.0, ge=30.0)
    # letters for the post have a PDF file beside them; needs requirements-letters.txt
    pdf_letters: bool = False
    # how often staff get a digest in office hours, on the clock's minutes; 0: at once, at any hour
    digest_minutes: int = Field(default=15, ge=0, le=60)
    # who reads what staff are told, by department, role and rung; of a service that writes to them
    recipients_file: Path | None = None

    @field_validator("cors_origins")
    @classmethod
    def are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Find an origin that no browser would send in these characters, and so would never be matched."""
        for number, origin in enumerate(origins, start=1):
            if origin == "*" and len(origins) == 1:
                continue
            if not ORIGIN.fullmatch(origin) or origin.endswith(DEFAULT_PORTS.get(origin.split(":")[0], "*")):
                raise ValueError(f"number {number} is no origin: {AN_ORIGIN}")
        return origins

    @model_validator(mode="after")
    def names_known_services(self) -> Self:
        """Find an address of a service that the directory lacks."""
        served = tuple(row.name for row in self.directory.served)
        for setting, names in (("database_urls", self.directory.names), ("service_urls", served)):
            for name in getattr(self, setting):
                if name not in names:
                    known = ", ".join(names)
                    raise ValueError(f"{setting.upper()} names {name}, and the directory has only {known}")
        return self

    @model_validator(mode="after")
    def has_a_sign_in_of_its_own(self) -> Self:
        """Find a sign-in that nobody could be let in by, or that could speak for our own services."""
        if not self.oidc_issuer:
            if self.oidc_jwks_url or self.oidc_audience or self.oidc_claims_file:
                raise ValueError("OIDC_ISSUER is missing, and other settings of the sign-in are there")
            return self
        if self.oidc_issuer == self.issuer:
            raise ValueError("OIDC_ISSUER is the issuer of our own tokens, and must be another")
        if not self.oidc_jwks_url and not SECURE_ADDRESS.match(self.oidc_issuer):
            raise ValueError("OIDC_ISSUER is no https address, so OIDC_JWKS_URL must say where its keys are")
        return self

    @model_validator(mode="after")
    def leaves_room_for_routine(self) -> Self:
        """Find a reserve for what is urgent that would leave nothing to all else."""
        if self.notify_key and self.pace_kept_free >= self.notify_per_minute:
            raise ValueError(
                "PACE_KEPT_FREE is not below NOTIFY_PER_MINUTE: what is not urgent would never leave"
            )
        return self

    @field_validator("digest_minutes")
    @classmethod
    def divides_an_hour(cls, minutes: int) -> int:
        """Digests leave on the same minutes of every hour."""
        if minutes and 60 % minutes:
            raise ValueError("this is no divisor of an hour")
        return minutes

    def database_url(self, service: str) -> str:
        """The URL of a service's own database; by default `housing_<service>` at POSTGRES_URL."""
        if elsewhere := self.database_urls.get(service):
            return elsewhere
        server = make_url(self.postgres_url)  # what follows a "?", such as ssl=require, stays behind
        return server.set(database=f"housing_{service}").render_as_string(hide_password=False)

    def owner_url(self, service: str) -> str:
        """The URL of a service's database as the owner of its tables, by whom alone they are migrated."""
        own = make_url(self.database_url(service))
        if not self.migrations_url:
            return own.render_as_string(hide_password=False)
        server = make_url(self.migrations_url)
        return server.set(database=own.database).render_as_string(hide_password=False)

    def database_role(self, service: str) -> str:
        """The role as which a service reaches its database."""
        return make_url(self.database_url(service)).username or ""

    def service_url(self, service: str) -> str:
        """The address of a service or front end, by default at the port of its row; raises UnknownService."""
        port = self.directory.port(service)
        return self.service_urls.get(service) or f"http://127.0.0.1:{port}"

    def signing_keys_folder(self) -> Path:
        """The folder of the gateway's signing keys; replicas share it, so a sign-in holds at each of them."""
        return self.signing_keys or self.var / "keys"

    def encryption_keys_path(self, service: str) -> Path:
        """The file of the keys with which a service encrypts."""
        return (self.encryption_keys or self.var / "encryption") / f"{service}.json"

    def clients_path(self) -> Path:
        """The file of the clients that may ask for a token."""
        return self.clients_file or self.var / "clients.toml"

    def standards_paths(self) -> Sequence[Path]:
        """The regime files to load."""
        own = [Path(part.strip()) for part in self.standards.split(",") if part.strip()]
        return own or self.directory.standards
