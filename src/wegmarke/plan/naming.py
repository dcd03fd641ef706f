"""Keys made from names, for addresses and documents. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from wegmarke.plan.checks_touchpoints import MAX_KEY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

NAMELESS = "touchpoint"
"""The key of a name without any Latin letter or digit; a number tells several apart."""
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe"})


def new_key(name: str, taken: Collection[str]) -> str:
    """Return a key for a name: lower snake case in plain letters, at most `MAX_KEY` long, not yet taken."""
    return new_keys([name], taken)[0]


def new_keys(names: Iterable[str], taken: Collection[str]) -> tuple[str, ...]:
    """Return a key for each name, none of them taken and each given once; case makes no difference."""
    used = {key.casefold() for key in taken}
    last: dict[str, int] = {}
    keys = []
    for name in names:
        stem = _plain(name) or NAMELESS
        key = stem
        while key in used:
            last[stem] = last.get(stem, 1) + 1
            ending = f"_{last[stem]}"
            key = stem[: MAX_KEY - len(ending)].rstrip("_") + ending
        used.add(key)
        keys.append(key)
    return tuple(keys)


def _plain(name: str) -> str:
    # Composed first: an umlaut may come as a letter with two dots behind it.
    lowered = unicodedata.normalize("NFC", name).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_KEY].rstrip("_")
