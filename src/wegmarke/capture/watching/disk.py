"""How much room the data folder has, and from when on no event is taken any more.

A reserve is kept for the worker: what was accepted can then still be moved to the log, and a person finds a
site that works. Senders keep what is not taken and come again.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_SECONDS: Final = 1.0
NEARLY: Final = 2
"""A person is told while there is still so many times the reserve."""


def free_bytes() -> int:
    """Return how many bytes may still be written to the data folder. Raises `OSError`."""
    return shutil.disk_usage(settings.DATA_DIR).free


@dataclass(slots=True)
class Disk:
    """The disk as the event API sees it, looked at once a second at most."""

    free: Callable[[], int] = free_bytes
    clock: Callable[[], float] = time.monotonic
    _spent: bool = False
    _looked_at: float | None = None

    def reserve_is_touched(self) -> bool:
        """Say whether less than the reserve is left; False where the disk does not tell."""
        now = self.clock()
        if self._looked_at is None or now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            try:
                self._spent = self.free() < settings.DISK_RESERVE_BYTES
            except OSError:
                self._spent = False  # then writing itself will say what is wrong
        return self._spent
