"""The worker's step: write into its log what is wrong, once a minute."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from django.core.cache import cache
from django.utils import translation

from wegmarke.capture.watching import queries, wording

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

EVERY_SECONDS: Final = 60
_LOOKED: Final = "capture.watching.looked"


def watch(now: datetime) -> bool:
    """Look what is wrong; there is never a row to work on."""
    if cache.add(_LOOKED, value=True, timeout=EVERY_SECONDS):
        with translation.override("en"):
            for problem in queries.problems(now=now):
                logger.error("%s", wording.in_words(problem))
    return False
