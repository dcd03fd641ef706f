"""What pages read: the latest stored analysis and how fresh it is. Nothing is computed here."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from wegmarke.analysis.insight import FunnelInsight
from wegmarke.insights import plans, storing
from wegmarke.insights.contracts import AskedFunnel, Freshness, NoSuchAttributeError, State, Stored
from wegmarke.insights.eventlog import selecting, xes
from wegmarke.insights.models import FunnelRequest, Refresh, StoredInsight
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from wegmarke.insights.contracts import Analysis, Selection


def latest() -> Stored | None:
    """Return the analysis of the latest run that came to an end; None before the first one.

    What an earlier version stored in another shape is passed over: the worker asks again.
    """
    row = (
        Refresh.objects.filter(done_at__isnull=False, shape=storing.shape())
        .order_by("-pk")
        .values_list("pk", "plan_version", "done_at")
        .first()
    )
    refresh, basis, computed_at = row or (0, 0, None)
    if computed_at is None:
        return None
    analysis = replace(_load(refresh), plan=plans.of_basis(basis))
    return Stored(refresh, analysis, basis, computed_at)


@lru_cache(maxsize=2)
def _load(refresh: int) -> Analysis:
    """Read one run; a run never changes once it is done, so each process reads it once."""
    rows = StoredInsight.objects.filter(refresh_id=refresh)
    return storing.analysis_of(rows, plans.WITHOUT_PLAN)


def forget() -> None:
    """Forget what was read; for tests and after a restore."""
    _load.cache_clear()


def freshness(now: datetime) -> Freshness:
    """Say whether the latest run is the one log and plan call for, and what happens if not."""
    newest = Refresh.objects.filter(shape=storing.shape()).order_by("-pk").first()
    if newest is None:
        return Freshness(State.WAITING if has_events() else State.FRESH)
    if newest.dead_at is not None:
        return Freshness(
            State.FAILED, problem=newest.problem, error=_last_line(newest.last_error), refresh=newest.pk
        )
    if newest.done_at is not None:
        return Freshness(State.FRESH, refresh=newest.pk)
    if newest.lease_until is not None and newest.lease_until > now:
        return Freshness(State.RUNNING, newest.step, newest.steps_done, newest.steps_all, refresh=newest.pk)
    if newest.last_error:
        return Freshness(State.TROUBLED, error=_last_line(newest.last_error), refresh=newest.pk)
    return Freshness(State.WAITING, refresh=newest.pk)


def has_events() -> bool:
    """Tell whether the log holds any event."""
    return record.log_state().rows > 0


def asked_funnel(key: UUID) -> AskedFunnel | None:
    """Return a funnel somebody asked for; None where there is none of this key."""
    row = FunnelRequest.objects.filter(pk=key, refresh__shape=storing.shape()).first()
    if row is None:
        return None
    return AskedFunnel(
        key=str(row.pk),
        steps=tuple(row.steps),
        window_days=row.window_days,
        insight=storing.read(row.payload, FunnelInsight) if row.payload else None,
        asked_at=row.asked_at,
        refresh=row.refresh_id,
        failed=row.dead_at is not None,
        problem=row.problem,
    )


def log_segments() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return by which attributes of persons an event log can be chosen, each with its values.

    Raises `BuildGoneError` where the journeys were replaced meanwhile.
    """
    build = record.current_build()
    return () if build is None else selecting.segments(record.shards(build))


def event_log(selection: Selection) -> Iterator[bytes]:
    """Return a selection of the current journeys as XES, packed with gzip, block by block.

    Raises `BuildGoneError`, and `NoSuchAttributeError` before the first block.
    """
    build = record.current_build()
    shards = () if build is None else record.shards(build)
    known = dict(selecting.segments(shards))
    if selection.attribute is not None and selection.label not in known.get(selection.attribute, ()):
        raise NoSuchAttributeError(selection.attribute)
    return xes.packed(xes.written(selecting.cases(shards, selection)))


def _last_line(error: str) -> str:
    lines = error.strip().splitlines()
    return lines[-1] if lines else ""
