"""The worker's step: notice that log or plan changed, then look through the log once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from wegmarke.atlas.discovery import storing
from wegmarke.atlas.discovery.looking import look
from wegmarke.atlas.models import Discovery
from wegmarke.due import claiming
from wegmarke.due.clock import Clock
from wegmarke.plan import queries as plans
from wegmarke.plan.rules import FIRST
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from collections.abc import Mapping

LEASE = timedelta(minutes=5)
KEPT_RUNS = 2
SHORT = timedelta(seconds=1)
RESTS = 200
"""After a run on a large log so often its own time is waited: meanwhile the worker extends journeys."""
LONGEST_REST = timedelta(hours=1)


def discover_one(now: datetime) -> bool:
    """Notice a new state of log or plan, then work the run that is due; return whether there was one."""
    _notice(now)
    return claiming.work_one(
        Discovery.objects.all(), now=now, lease=LEASE, work=lambda row: _Run(row, now).go()
    )


def _notice(now: datetime) -> None:
    """Write a due run where the newest one is about another state.

    While a run waits, changes only move its mark: ten imports in a row make one run, not ten. A run reads the
    whole log, so where nothing but events came, and the run before took long, it is due after a rest.
    """
    state = record.log_state()
    if state.rows == 0:
        return
    saved = plans.current()
    plan = FIRST if saved is None else saved.plan
    known = {
        "log_change": state.change,
        "basis": 0 if saved is None else saved.basis,
        "ignored": storing.ignored(plan.not_touchpoints),
        "shape": storing.shape(),
    }
    if Discovery.objects.order_by("-pk").values(*known).first() == known:
        return
    version = 0 if saved is None else saved.version
    due_at = max(now, _rested(known))
    with transaction.atomic():
        # An earlier run on the same state (a change taken back) is done again: it has to become the newest.
        Discovery.objects.filter(**known).exclude(done_at=None, dead_at=None).delete()
        waiting = Discovery.objects.filter(done_at=None, dead_at=None, lease_token="", attempts=0)
        newest = waiting.order_by("-pk").values_list("pk", flat=True).first()
        if newest is not None and not Discovery.objects.filter(**known).exists():
            waiting.filter(pk=newest).update(**known, plan_version=version, noticed_at=now, due_at=due_at)
            return
        Discovery.objects.get_or_create(
            **known, defaults={"due_at": due_at, "noticed_at": now, "plan_version": version}
        )


def _rested(known: Mapping[str, object]) -> datetime:
    """Return from when on a run is due that differs from the one before by its events alone."""
    asked = {name: value for name, value in known.items() if name != "log_change"}
    before = Discovery.objects.filter(done_at__isnull=False).order_by("-pk").first()
    if before is None or before.done_at is None or any(getattr(before, one) != asked[one] for one in asked):
        return datetime.min.replace(tzinfo=UTC)
    took = before.done_at - before.due_at
    return before.done_at + min(RESTS * took, LONGEST_REST) if took > SHORT else before.done_at


class _Run:
    """One attempt at one run."""

    def __init__(self, row: Discovery, now: datetime) -> None:
        self._row = row
        self._clock = Clock(now)

    def go(self) -> None:
        """Look, and store what was found in the transaction that ends the run."""
        number = self._row.plan_version
        found = look(plans.version(number).plan if number else FIRST, self._show)
        payload = storing.write(found)
        with transaction.atomic():
            Discovery.objects.filter(pk=self._row.pk).update(payload=payload)
            claiming.finish(self._row, now=self._clock.now)
            kept = Discovery.objects.filter(done_at__isnull=False).values_list("pk", flat=True)[:KEPT_RUNS]
            Discovery.objects.filter(pk__lt=min(kept)).delete()

    def _show(self, done: int, steps: int) -> None:
        """Write how far the run is and keep the lease: a run must not be taken over while it works."""
        Discovery.objects.filter(pk=self._row.pk, lease_token=self._row.lease_token).update(
            steps_done=done, steps_all=steps
        )
        claiming.extend(self._row, now=self._clock.now, lease=LEASE)
