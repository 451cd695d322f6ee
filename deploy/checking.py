"""Checks of settings before a start: better one sentence than a process that fails again and again."""

from importlib import import_module

from shared.clients.claims import sign_in_of
from shared.settings import Settings


def check_sign_in(settings: Settings) -> None:
    """Find a sign-in, here or at a front end, that lets nobody in; raises BadClaimsMap, BadSettings."""
    sign_in_of(settings)
    for row in settings.directory.front_ends:
        import_module(f"{row.package}.main").check_settings()
