"""What the page reads: what was found last, what of it still stands, and what is being done."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wegmarke.atlas.discovery import storing
from wegmarke.atlas.discovery.contracts import Discovered, Progress
from wegmarke.atlas.discovery.rules import covered
from wegmarke.atlas.models import Discovery
from wegmarke.due import claiming
from wegmarke.insights.contracts import State
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.atlas.discovery.contracts import Candidate, Found
    from wegmarke.plan.contracts import Plan


def latest() -> Discovered | None:
    """Return what the last run that came to an end found; None before the first one."""
    rows = Discovery.objects.filter(done_at__isnull=False, shape=storing.shape())
    row = rows.values_list("pk", "plan_version", "done_at").first()
    if row is None or row[2] is None:
        return None
    return Discovered(_load(row[0]), row[1], row[2])


@lru_cache(maxsize=2)
def _load(pk: int) -> Found:
    """Read one run; a run never changes once it is done, so each process reads it once."""
    return storing.read(Discovery.objects.values_list("payload", flat=True).get(pk=pk))


def forget() -> None:
    """Forget what was read; for tests and after a restore."""
    _load.cache_clear()


def still_open(found: Found, plan: Plan) -> tuple[Candidate, ...]:
    """Return the candidates that no rule of the plan as it stands now binds or leaves alone."""
    settled = [rule for one in plan.touchpoints for rule in one.rules] + list(plan.not_touchpoints)
    return tuple(one for one in found.candidates if not all(covered(rule, settled) for rule in one.rules))


def progress(now: datetime) -> Progress:
    """Say whether the newest run is done, and what happens if not."""
    newest = Discovery.objects.filter(shape=storing.shape()).defer("payload").first()
    if newest is None:
        return Progress(State.WAITING if record.log_state().rows else State.FRESH)
    if newest.dead_at is not None:
        return Progress(State.FAILED, error=_last_line(newest.last_error), run=newest.pk)
    if newest.done_at is not None:
        return Progress(State.FRESH)
    if newest.lease_until is not None and newest.lease_until > now:
        return Progress(State.RUNNING, newest.steps_done / newest.steps_all if newest.steps_all else None)
    if newest.last_error:
        return Progress(State.TROUBLED, error=_last_line(newest.last_error))
    return Progress(State.WAITING)


def try_again(run: int, *, now: datetime) -> bool:
    """Let a run that failed be tried again; False where it did not fail (any more)."""
    row = Discovery.objects.filter(pk=run).first()
    return row is not None and claiming.revive(row, now=now)


def _last_line(error: str) -> str:
    lines = error.strip().splitlines()
    return lines[-1] if lines else ""
