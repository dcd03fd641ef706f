"""What can be asked of the insights: a funnel of one's own, and another attempt."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from wegmarke.analysis.funnel import FunnelQuestion
from wegmarke.due import claiming
from wegmarke.insights.models import FunnelRequest, Refresh
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from wegmarke.team.models import User


MOST_WAITING = 20
"""So many funnels wait for the worker at once; each costs a pass over all journeys."""


class TooManyQuestionsError(RuntimeError):
    """So many funnels wait to be answered that no other is taken; nothing was asked."""


def ask_funnel(
    *, steps: tuple[str, ...], window_days: float, refresh: int, by: User | None, now: datetime
) -> UUID:
    """Ask for a funnel of any touchpoints over the journeys of one run; return its key.

    The same question of the same run is asked once. Raises `InvalidQuestionError` where it is no funnel,
    `TooManyQuestionsError`, `NotAllowedError`; None as `by` is the system itself.
    """
    require_role(by, Role.VIEWER)
    FunnelQuestion(steps=steps, window_days=window_days)
    question = hashlib.sha256(json.dumps([steps, window_days]).encode()).hexdigest()
    asked = FunnelRequest.objects.filter(refresh_id=refresh, question=question)
    waiting = FunnelRequest.objects.filter(done_at__isnull=True, dead_at__isnull=True)
    if not asked.exists() and waiting.count() >= MOST_WAITING:
        raise TooManyQuestionsError
    row, _created = FunnelRequest.objects.get_or_create(
        refresh_id=refresh,
        question=question,
        defaults={"steps": list(steps), "window_days": window_days, "asked_at": now, "due_at": now},
    )
    return row.pk


def try_again(*, refresh: int, by: User | None, now: datetime) -> bool:
    """Let a run that failed be tried again; False where it did not fail (any more).

    Raises `NotAllowedError`: it needs an account, but no role beyond reading, for it changes nothing.
    """
    require_role(by, Role.VIEWER)
    row = Refresh.objects.filter(pk=refresh).first()
    return row is not None and claiming.revive(row, now=now)
