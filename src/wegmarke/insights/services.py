"""What can be asked of the insights: a funnel of one's own, and another attempt."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from wegmarke.analysis.funnel import FunnelQuestion
from wegmarke.due import claiming
from wegmarke.insights.models import FunnelRequest, Refresh

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


def ask_funnel(*, steps: tuple[str, ...], window_days: float, refresh: int, now: datetime) -> UUID:
    """Ask for a funnel of any touchpoints over the journeys of one run; return its key.

    The same question of the same run is asked once. Raises `InvalidQuestionError` where it is no funnel.
    """
    FunnelQuestion(steps=steps, window_days=window_days)
    question = hashlib.sha256(json.dumps([steps, window_days]).encode()).hexdigest()
    row, _created = FunnelRequest.objects.get_or_create(
        refresh_id=refresh,
        question=question,
        defaults={"steps": list(steps), "window_days": window_days, "asked_at": now, "due_at": now},
    )
    return row.pk


def try_again(*, refresh: int, now: datetime) -> bool:
    """Let a run that failed be tried again; False where it did not fail (any more)."""
    row = Refresh.objects.filter(pk=refresh).first()
    return row is not None and claiming.revive(row, now=now)
