"""How much one sender may send in one moment. Kept in memory only: addresses are never written anywhere."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_SENDERS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many events a second in the long run, and so many at once."""

    per_second: float
    burst: float


@dataclass(slots=True)
class Buckets:
    """Token buckets by sender: each fills at the rate, each event takes one token.

    A sender who was never seen starts with a full bucket; whoever was quiet long enough to have a full one
    again is forgotten.
    """

    rate: Rate
    clock: Callable[[], float] = time.monotonic
    _level: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, sender: str, events: int) -> float:
        """Take tokens and return 0, or take none and return after how many seconds there will be enough.

        A batch larger than the whole burst passes when the bucket is full, and leaves it in debt.
        """
        now = self.clock()
        level, at = self._level.get(sender, (self.rate.burst, now))
        level = min(self.rate.burst, level + (now - at) * self.rate.per_second)
        needed = min(float(events), self.rate.burst)
        if level < needed:
            return (needed - level) / self.rate.per_second
        self._level[sender] = (level - events, now)
        if len(self._level) > MOST_SENDERS:
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        """Forget the senders with a full bucket; then, under attack from very many, the oldest half."""
        full = [
            sender
            for sender, (level, at) in self._level.items()
            if level + (now - at) * self.rate.per_second >= self.rate.burst
        ]
        for sender in full:
            del self._level[sender]
        if len(self._level) > MOST_SENDERS // 2:
            for sender in list(self._level)[: len(self._level) - MOST_SENDERS // 2]:
                del self._level[sender]
