"""Ways of running the services: all in one process, each in its own, and in containers."""

import sys
from types import ModuleType


def main() -> None:
    """The command line of httpx, which nobody calls here."""


# httpx loads the libraries of its command line where they are installed: 9 MB that no service uses
_COMMAND_LINE = ModuleType("httpx._main")
_COMMAND_LINE.__dict__["main"] = main
sys.modules.setdefault(_COMMAND_LINE.__name__, _COMMAND_LINE)
