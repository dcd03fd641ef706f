"""Keys made from names, for addresses and documents. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from wegmarke.plan.checks_touchpoints import MAX_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMELESS = "touchpoint"
"""The key of a touchpoint whose name has no Latin letter or digit; a number tells several apart."""
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe"})


class Keys:
    """Gives keys to names one after another, none of them taken and none given twice; case does not count."""

    def __init__(self, taken: Iterable[str], nameless: str = NAMELESS) -> None:
        """Begin with these keys taken; `nameless` is the key of a name without any Latin letter or digit."""
        self._nameless = nameless
        self._taken = {key.casefold() for key in taken}
        self._last: dict[str, int] = {}

    def take(self, key: str) -> None:
        """Give this key to nobody else."""
        self._taken.add(key.casefold())

    def new(self, name: str) -> str:
        """Return the key of a name."""
        stem = key = _plain(name) or self._nameless
        while key in self._taken:
            self._last[stem] = self._last.get(stem, 1) + 1
            ending = f"_{self._last[stem]}"
            key = stem[: MAX_KEY - len(ending)].rstrip("_") + ending
        self.take(key)
        return key


def new_key(name: str, taken: Iterable[str], nameless: str = NAMELESS) -> str:
    """Return a key for a name: lower snake case in plain letters, at most `MAX_KEY` long, not yet taken."""
    return Keys(taken, nameless).new(name)


def new_keys(names: Iterable[str], taken: Iterable[str]) -> tuple[str, ...]:
    """Return a key for each of several names."""
    keys = Keys(taken)
    return tuple(keys.new(name) for name in names)


def _plain(name: str) -> str:
    # Composed first: an umlaut may come as a letter with two dots behind it.
    lowered = unicodedata.normalize("NFC", name).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_KEY].rstrip("_")
