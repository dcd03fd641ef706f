"""Single-row steps of the worker: rebuild journeys and insights on change, answer asked funnels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from wegmarke.analysis.errors import AnalysisError
from wegmarke.due import claiming
from wegmarke.due.clock import Clock
from wegmarke.insights import plans, storing
from wegmarke.insights.analysing import analyse, ask_funnel
from wegmarke.insights.models import FunnelRequest, Refresh, StoredInsight
from wegmarke.people import queries as people
from wegmarke.plan.rules import bindings_of
from wegmarke.record import queries as record
from wegmarke.record import services as recording

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.insights.contracts import Analysis
    from wegmarke.record.contracts import Build

LEASE = timedelta(minutes=5)
LOOK_AGAIN = timedelta(seconds=15)
KEPT_RUNS = 5
JOURNEYS = "journeys"


def refresh_one(now: datetime) -> bool:
    """Notice that log, persons or plan changed, then work the run that is due; return whether there was one.

    A run builds the journeys, asks all questions and stores all answers in the transaction that ends it, so
    pages see either the run before or this one.
    """
    _notice(now)
    return claiming.work_one(
        Refresh.objects.all(), now=now, lease=LEASE, work=lambda row: _Run(row, now).go()
    )


def funnel_one(now: datetime) -> bool:
    """Answer the funnel that was asked for longest; return whether there was one."""
    return claiming.work_one(
        FunnelRequest.objects.all(), now=now, lease=LEASE, work=lambda row: _answer(row, now)
    )


def _notice(now: datetime) -> None:
    """Write a due run where the newest one is about another state of log, persons and plan, or another shape.

    While a run waits, changes only move its mark: ten imports in a row make one run, not ten.
    """
    state = record.log_state()
    if state.rows == 0:
        return
    version, _plan = plans.current()
    known = {
        "log_change": state.change,
        "identities": people.state(),
        "plan_version": version,
        "shape": storing.shape(),
    }
    newest = Refresh.objects.order_by("-pk").values(*known).first()
    if newest == known:
        return
    with transaction.atomic():
        # A run that nobody holds yet simply looks at the newer state instead.
        waiting = Refresh.objects.filter(done_at=None, dead_at=None, lease_token="", attempts=0)
        if not Refresh.objects.filter(**known).exists() and waiting.order_by("-pk")[:1].exists():
            waiting.filter(pk=waiting.order_by("-pk").values("pk")[:1]).update(**known, noticed_at=now)
            return
        Refresh.objects.get_or_create(**known, defaults={"due_at": now, "noticed_at": now})


class _Run:
    """One attempt at one run."""

    def __init__(self, row: Refresh, now: datetime) -> None:
        self._row = row
        self._clock = Clock(now)

    def go(self) -> None:
        """Build, ask, store; what no further attempt can mend ends the run at once, in words."""
        try:
            build, analysis = self._answers()
        except recording.BuildRunningError:
            # Another worker builds for an earlier run: no failure, so it must not use up the attempts.
            claiming.put_off(self._row, due_at=self._clock.now + LOOK_AGAIN)
            return
        except AnalysisError as error:
            with transaction.atomic():
                Refresh.objects.filter(pk=self._row.pk).update(problem=str(error))
                claiming.bury(self._row, now=self._clock.now, error=str(error))
            return
        now = self._clock.now
        with transaction.atomic():
            StoredInsight.objects.bulk_create(
                StoredInsight(
                    refresh=self._row,
                    kind=kind,
                    key=key,
                    parameters=parameters,
                    payload=payload,
                    computed_at=now,
                )
                for kind, key, parameters, payload in storing.rows_of(analysis)
            )
            Refresh.objects.filter(pk=self._row.pk).update(build=build.key, problem="")
            claiming.finish(self._row, now=now)
            _forget_old_runs()

    def _answers(self) -> tuple[Build, Analysis]:
        plan = plans.of_basis(self._row.plan_version)
        self._show(JOURNEYS, 0, 0)
        # Read before the log: a link that comes in between changes the state, which makes another run.
        persons = people.persons()
        build = recording.build_journeys(
            bindings_of(plan),
            plan_version=str(self._row.plan_version),
            now=self._clock.now,
            persons=persons,
            progress=lambda _done, _steps: self._show(JOURNEYS, 0, 0),
        )
        return build, analyse(record.shards(build), plan, progress=self._show)

    def _show(self, step: str, done: int, steps: int) -> None:
        """Write how far the run is and keep the lease: a run must not be taken over while it works."""
        Refresh.objects.filter(pk=self._row.pk, lease_token=self._row.lease_token).update(
            step=step, steps_done=done, steps_all=steps
        )
        claiming.extend(self._row, now=self._clock.now, lease=LEASE)


def _forget_old_runs() -> None:
    kept = list(Refresh.objects.filter(done_at__isnull=False).values_list("pk", flat=True)[:KEPT_RUNS])
    if len(kept) == KEPT_RUNS:
        Refresh.objects.filter(pk__lt=kept[-1]).delete()


def _answer(row: FunnelRequest, now: datetime) -> None:
    """Ask one funnel of the journeys of its run, which are not the current ones while a newer run works."""
    build = record.current_build()
    if build is None:
        claiming.put_off(row, due_at=now + LOOK_AGAIN)
        return
    try:
        shards = record.shards(replace(build, key=row.refresh.build))
        insight = ask_funnel(shards, tuple(row.steps), row.window_days)
    except AnalysisError as error:
        with transaction.atomic():
            FunnelRequest.objects.filter(pk=row.pk).update(problem=str(error))
            claiming.bury(row, now=now, error=str(error))
        return
    with transaction.atomic():
        FunnelRequest.objects.filter(pk=row.pk).update(payload=storing.write(insight), problem="")
        claiming.finish(row, now=now)
