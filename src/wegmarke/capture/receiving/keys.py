"""Who may write: the keys in force, read from the database once a second at most, not once a request."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import connection

from wegmarke.capture.inbox import WriteKey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FRESH_SECONDS: Final = 1.0
"""So long a key may go on writing after it was revoked, or be unknown after it was made."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose key it is: the source, whether a browser has it, from which origins it may (none: any).

    The rest is what the source has chosen about visitors.
    """

    source: int
    browser: bool
    origins: frozenset[str] = frozenset()
    declines_signals: bool = False
    estimates_visitors: bool = False


@dataclass(slots=True)
class Keys:
    """The keys in force."""

    read: Callable[[], Mapping[str, Sender]] = field(default_factory=lambda: keys_in_force)
    clock: Callable[[], float] = time.monotonic
    _known: Mapping[str, Sender] = field(default_factory=dict)
    _read_at: float | None = None
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sender(self, write_key: str) -> Sender | None:
        """Return whose key this is, or None. Raises what the database raises."""
        if not self._fresh():
            async with self._reading:
                if not self._fresh():
                    self._known = await asyncio.to_thread(self.read)
                    self._read_at = self.clock()
        return self._known.get(digest(write_key))

    def _fresh(self) -> bool:
        return self._read_at is not None and self.clock() - self._read_at < FRESH_SECONDS


def digest(write_key: str) -> str:
    """Return what the database keeps of a key; keys are random enough for one round of SHA-256."""
    return sha256(write_key.encode(errors="surrogatepass")).hexdigest()


def keys_in_force() -> Mapping[str, Sender]:
    """Read all keys that were not revoked."""
    try:
        rows = WriteKey.objects.filter(revoked_at=None).select_related("source")
        return {
            row.digest: Sender(
                row.source_id,
                row.kind == WriteKey.Kind.BROWSER,
                frozenset(row.source.origins),
                row.source.declines_signals,
                row.source.estimates_visitors,
            )
            for row in rows
        }
    finally:
        connection.close()  # the thread is one of many, and none shall hold a connection
