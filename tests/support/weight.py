"""The weight of a first view: a page, and all that it loads, compressed."""

import gzip
import re

from services.board.assets import Assets

_NAMED = re.compile(r'(?:href|src)="/board/assets/\w+/([^"]+)"')
_IMPORTED = re.compile(r'(?:from|import) ?\(?"\./([^"]+)"')


def first_view(page: str, assets: Assets) -> dict[str, int]:
    """The compressed bytes of a page, by the name "", and of each file that it names or that one imports."""
    weights = {"": len(gzip.compress(page.encode()))}
    waiting = set(_NAMED.findall(page))
    while waiting:
        name = waiting.pop()
        weights[name] = assets.sizes[name]
        if name.endswith(".js"):
            waiting |= set(_IMPORTED.findall(assets.content(name).decode())) - weights.keys()
    return weights
