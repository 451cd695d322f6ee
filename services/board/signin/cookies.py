"""Sealed cookies: only this browser has them, no script reads them, and a large one goes in pieces."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.board.sealing import Sealer

PIECE = 3800
"""Browsers keep 4,096 bytes of a cookie's name and value; a provider's tokens can be more."""

MOST_PIECES = 5
"""More would fill the head of every request, which the gateway refuses from 32 KiB on."""


class SealedCookies:
    """Cookies of one deployment: with the prefix `__Host-` on https, which no other site of ours can set."""

    def __init__(self, sealer: Sealer, *, is_secure: bool) -> None:
        self._sealer = sealer
        self._is_secure = is_secure
        self._prefix = "__Host-" if is_secure else ""

    def read(self, cookies: Mapping[str, str], name: str, seconds: int | None = None) -> Any:
        """The value that was kept under a name, or None."""
        pieces: list[str] = []
        while (piece := cookies.get(self._named(name, len(pieces)))) is not None and len(
            pieces
        ) < MOST_PIECES:
            pieces.append(piece)
        return self._sealer.open(name, "".join(pieces), seconds)

    def keep(
        self, answer: Response, cookies: Mapping[str, str], name: str, value: Any, seconds: int | None = None
    ) -> None:
        """Keep a value that fits, until the browser ends or for some seconds."""
        sealed = self._sealer.seal(name, value)
        pieces = [sealed[start : start + PIECE] for start in range(0, len(sealed), PIECE)]
        for number, piece in enumerate(pieces):
            self._set(answer, self._named(name, number), piece, seconds)
        self._forget(answer, cookies, name, len(pieces))

    def tell(self, answer: Response, name: str, value: str, seconds: int) -> None:
        """Tell a value that is no secret to the scripts of the board, for some seconds."""
        answer.set_cookie(
            f"board-{name}", value, max_age=seconds, path="/board", secure=self._is_secure, samesite="lax"
        )

    def fits(self, name: str, value: Any) -> bool:
        """Tell if a value goes into as many pieces as a browser can be asked to bring each time."""
        return len(self._sealer.seal(name, value)) <= MOST_PIECES * PIECE

    def forget(self, answer: Response, cookies: Mapping[str, str], name: str) -> None:
        """Take a value away."""
        self._forget(answer, cookies, name, 0)

    def _forget(self, answer: Response, cookies: Mapping[str, str], name: str, beginning: int) -> None:
        for number in range(beginning, MOST_PIECES):
            if (named := self._named(name, number)) in cookies:
                self._set(answer, named, "", 0)

    def _set(self, answer: Response, named: str, value: str, seconds: int | None) -> None:
        answer.set_cookie(
            named, value, max_age=seconds, path="/", secure=self._is_secure, httponly=True, samesite="lax"
        )

    def _named(self, name: str, number: int) -> str:
        return f"{self._prefix}board-{name}-{number}"
