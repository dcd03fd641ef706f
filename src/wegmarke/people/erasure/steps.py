"""Steps of the worker: carry out one erasure as far as it goes now; let data go kept long enough."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Final

from django.db import transaction

from wegmarke.due import claiming
from wegmarke.due.clock import Clock
from wegmarke.people.erasure import tombstones
from wegmarke.people.erasure.contracts import Erasing, Stage
from wegmarke.people.erasure.joined import keepers, stores
from wegmarke.people.erasure.overwriting import overwrite
from wegmarke.people.erasure.queries import days_of
from wegmarke.people.erasure.tables import Erasure, RetentionRun
from wegmarke.record import services as record

if TYPE_CHECKING:
    from wegmarke.people.erasure.contracts import Store

LEASE: Final = timedelta(minutes=10)
SOON: Final = timedelta(seconds=5)
A_LITTLE: Final = timedelta(minutes=1)
LATER: Final = timedelta(minutes=5)
URGENT_AFTER: Final = timedelta(hours=20)
"""So long old journeys stay for their readers; what then cannot be built anew goes without."""


def erase_one(now: datetime) -> bool:
    """Work the erasure that is due longest; return whether there was one."""
    return claiming.work_one(
        Erasure.objects.all(), now=now, lease=LEASE, work=lambda row: _Work(row, now).go()
    )


class _Work:
    """One visit to one erasure; each stage ends in a transaction of its own and can be repeated."""

    def __init__(self, row: Erasure, now: datetime) -> None:
        self.row = row
        self._clock = Clock(now)

    def go(self) -> None:
        """Go on from the stage reached, until it is done or something has to be waited for."""
        stages = {
            Stage.REQUESTED: self._begin,
            Stage.ERASING: self._erase,
            Stage.WAITING: self._wait,
            Stage.CLEANING: self._clean,
        }
        while (stage := Stage(self.row.stage)) in stages:
            wait = stages[stage]()
            if wait is not None:
                claiming.put_off(self.row, due_at=self._clock.now + wait)
                return
        claiming.finish(self.row, now=self._clock.now)

    def _begin(self) -> None:
        """Set the tombstones first: from now on nothing older comes in behind our back."""
        now = self._clock.now
        with transaction.atomic():
            digests = tombstones.bury(self.row.identifiers, at=now)
            self._change(stage=Stage.ERASING, erased_at=now, digests=digests)

    def _erase(self) -> timedelta | None:
        for store in stores():
            state = self.row.stores.get(store.key)
            if state is None:  # counted before anything goes, so that a killed process does not count less
                state = self._note(store, asdict(store.count(self._erasing())), done=False)
            if not state["done"]:
                claiming.extend(self.row, now=self._clock.now, lease=LEASE)
                if not store.erase(self._erasing()):
                    return SOON
                self._note(store, state, done=True)
        self._change(stage=Stage.WAITING, swept_at=self._clock.now, change=record.change_now())
        return None

    def _wait(self) -> timedelta | None:
        erasing = self._erasing()
        left = [store.key for store in stores() if not store.settled(erasing)]
        if left:
            return LATER
        self._change(stage=Stage.CLEANING, identifiers=[])
        return None

    def _clean(self) -> timedelta | None:
        if not overwrite():
            return A_LITTLE
        self._change(stage=Stage.DONE)
        return None

    def _erasing(self) -> Erasing:
        row, now = self.row, self._clock.now
        erased_at = row.erased_at or now
        return Erasing(
            name=f"erasure-{row.pk}",
            identifiers=tuple(row.identifiers),
            erased_at=erased_at,
            now=now,
            change=row.change,
            swept_at=row.swept_at,
            urgent=now - erased_at >= URGENT_AFTER,
        )

    def _note(self, store: Store, held: dict[str, int], *, done: bool) -> dict[str, int]:
        state = {**held, "done": done}
        self._change(stores=self.row.stores | {store.key: state})
        return state

    def _change(self, **values: object) -> None:
        """Write to the row as long as it is ours."""
        held = Erasure.objects.filter(pk=self.row.pk, lease_token=self.row.lease_token, done_at=None)
        if held.update(**values) != 1:
            raise claiming.LeaseLostError(str(self.row.pk))
        for name, value in values.items():
            setattr(self.row, name, value)


def let_go_one(now: datetime) -> bool:
    """Let one kind of data go that was kept long enough, once a day; return whether there was one."""
    day = now.astimezone(UTC).date()
    today = datetime.combine(day, time_of_day(), UTC)
    for keeper in keepers():
        days = days_of(keeper)
        done = RetentionRun.objects.filter(kind=keeper.key, day=day, done_at__isnull=False)
        if days is None or done.exists():
            continue
        run, _made = RetentionRun.objects.get_or_create(
            kind=keeper.key, day=day, defaults={"before": today - timedelta(days=days)}
        )
        rows = keeper.expire(run.before, f"retention-{keeper.key}-{run.before:%Y%m%d}-{day}", now)
        RetentionRun.objects.filter(pk=run.pk).update(rows=rows, done_at=now)
        return True
    return False
