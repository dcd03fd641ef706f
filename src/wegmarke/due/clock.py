"""The time within one step of the worker, which is given the moment it begins."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Clock:
    """Goes on from the moment a step was given."""

    def __init__(self, began: datetime) -> None:
        """Begin to go."""
        self._began = began
        self._from = time.monotonic()

    @property
    def now(self) -> datetime:
        """The moment the step was given, plus the time it has worked since."""
        return self._began + timedelta(seconds=time.monotonic() - self._from)
