"""Callers in these tests, with tokens signed by the gateway's own keys."""

from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

from gateway.clients import Client, Role
from gateway.keys import KeyRing
from gateway.tokens import sign
from shared.clients.jwks import KeySource
from shared.clients.tokens import TokenVerifier
from shared.clock import system_clock
from shared.settings import Settings

Headers = dict[str, str]
NOTIFY_TOKEN = "a secret of our own choice"


class Callers:
    """Signs tokens with keys of its own, kept in `folder`, and gives services the verifier for them.

    Services fetch these keys by the clock `now`. A token serves for `kept_seconds`.
    """

    def __init__(
        self, folder: Path, now: Callable[[], float] = monotonic, kept_seconds: float = 30.0
    ) -> None:
        self.settings = Settings(signing_keys=folder)
        self._now = now
        self._kept_seconds = kept_seconds
        self._tokens: dict[str, tuple[float, str]] = {}
        self._keys = KeyRing(folder)
        self._keys.ensure(system_clock())

    def verifier(self) -> TokenVerifier:
        """Believes these callers, and nobody else."""
        keys = {self.settings.issuer: KeySource(self._keys.jwks, self._now)}
        return TokenVerifier(keys, self.settings.audience, notify_token=NOTIFY_TOKEN)

    def resident(self, name: str = "sam") -> Headers:
        return self._headers(name, "resident")

    def officer(self, *departments: str, scopes: Iterable[str] = ()) -> Headers:
        """An officer of these departments, of repairs if none is named."""
        return self.officer_named("officer-7", *(departments or ("repairs",)), scopes=scopes)

    def officer_named(self, subject: str, *departments: str, scopes: Iterable[str] = ()) -> Headers:
        """One officer among others."""
        return self._headers(subject, "officer", departments=departments, scopes=scopes)

    def named_officer(self, subject: str, *departments: str, scopes: Iterable[str] = ()) -> Headers:
        """One officer of several."""
        return self._headers(subject, "officer", departments=departments, scopes=scopes)

    def somebody(self, subject: str, *roles: Role, departments: Iterable[str] = ()) -> Headers:
        """Somebody in several roles at once, such as an officer who is a resident."""
        return self._headers(subject, *roles, departments=departments)

    def contractor(self, firm: str = "Fixit") -> Headers:
        return self._headers(f"client-of-{firm}", "contractor", firm=firm)

    def frontend(self) -> Headers:
        return self._headers("website", "frontend")

    def ops(self) -> Headers:
        return self._headers("watch", "ops")

    def as_role(self, subject: str, role: Role, firm: str | None = None) -> Headers:
        """Somebody whom the tests know, in another role or for another firm."""
        return self._headers(subject, role, firm=firm)

    def notify(self) -> Headers:
        """GOV.UK Notify, which calls back."""
        return {"Authorization": f"Bearer {NOTIFY_TOKEN}"}

    def service(self, *scopes: str) -> Headers:
        """Another service of the house, as it asks on the inside."""
        return self._headers("notifications", "service", scopes=scopes)

    def _headers(
        self,
        subject: str,
        *roles: Role,
        scopes: Iterable[str] = (),
        departments: Iterable[str] = (),
        firm: str | None = None,
    ) -> Headers:
        client = Client(
            id=subject,
            secret_hash="",
            roles=frozenset(roles),
            scopes=frozenset(scopes),
            departments=frozenset(departments),
            firm=firm,
        )
        return {"Authorization": f"Bearer {self._token_of(client)}"}

    def _token_of(self, client: Client) -> str:
        """A token of the last half minute: to sign one, and to verify it, takes longer than most requests."""
        who = client.model_dump_json()
        until, token = self._tokens.get(who, (0.0, ""))
        if monotonic() >= until:
            token = sign(client, client.scopes, self._keys, self.settings, system_clock())
            self._tokens[who] = (monotonic() + self._kept_seconds, token)
        return token
