"""Build journeys: bind what the log has more, lay every partition out, agree on what they share, publish."""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Sum

from wegmarke.record import disk, shards
from wegmarke.record.attributes import RawAttribute, agree_on_labels, attribute
from wegmarke.record.bound_log import NO_PART, BoundLog, bound_folder
from wegmarke.record.contracts import Persons
from wegmarke.record.errors import BuildRunningError
from wegmarke.record.gathering import Gathered
from wegmarke.record.laying import landscape_of, lay_bound, year_start
from wegmarke.record.layout import existing_log
from wegmarke.record.models import Batch, JourneyBuild, LogFile
from wegmarke.record.reading import as_of
from wegmarke.record.regrouping import traits_by_person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Landscape
    from wegmarke.record.contracts import Bindings
    from wegmarke.record.laying import Laid

    Progress = Callable[[int, int], None]

NAMES_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class _Group:
    """What is kept of a partition once its columns stand on disk."""

    landscape: Landscape
    persons: int
    touches: int
    first: int | None
    last: int | None
    unbound: dict[str, int]
    attributes: list[RawAttribute]


def journeys_folder() -> Path:
    """Return the folder of all builds."""
    return Path(settings.DATA_DIR) / "journeys"


def build_journeys(
    bindings: Bindings,
    *,
    plan_version: str,
    now: datetime,
    persons: Persons | None = None,
    progress: Progress | None = None,
) -> JourneyBuild:
    """Build journeys; `services.build_journeys` says what that promises."""
    folder = journeys_folder()
    disk.make_folder(folder)
    with disk.locked(folder / ".building", wait=0) as held:
        if not held:
            msg = "journeys are being built already"
            raise BuildRunningError(msg)
        key = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        try:
            row = JourneyBuild(key=key, plan_version=plan_version, built_at=now)
            _build(folder / key, bindings, persons or Persons(), row, progress or _nobody_watches)
            _make_current(row)
        finally:
            _remove_old(folder)
    return row


def _nobody_watches(_done: int, _steps: int) -> None:
    """Take the progress of a build nobody asked about."""


def _build(target: Path, bindings: Bindings, persons: Persons, row: JourneyBuild, progress: Progress) -> None:
    layout = existing_log()
    row.change = Batch.objects.aggregate(last=Max("sequence"))["last"] or 0
    row.events = _committed_events(row.change)
    epoch = _epoch(row.change)
    count = layout.partitions if layout else 1
    groups = []
    log = None if layout is None else BoundLog(layout, bindings, row.change)
    parts = []
    for at in range(count):
        parts.append(NO_PART if log is None else log.part(at))
        progress(0, count)
    events = Gathered(parts, persons, log.names if log else ())
    with traits_by_person(layout, persons, target / "moved", change=row.change) as traits:
        for at in range(count):
            laid = lay_bound(events.partition(at), bindings, traits=traits(at), epoch=epoch)
            groups.append(_written(shards.shard_folder(target, at), laid, epoch=epoch))
            progress(at + 1, count)
    unbound: Counter[str] = Counter()
    for group in groups:
        unbound.update(group.unbound)
    landscape = landscape_of(bindings, unbound)
    attributes = agree_on_labels([(group.attributes, group.persons) for group in groups], bindings.attributes)
    for at, group in enumerate(groups):
        _share(shards.shard_folder(target, at), group, landscape, attributes)
    left_out = [_left_out(group, bindings) for group in groups]
    shards.write_description(target, landscape, attributes, epoch=epoch, unbound=left_out)
    _describe(row, groups, unbound)
    disk.reached("journeys written")
    progress(count, count)


def _written(target: Path, laid: Laid, *, epoch: int) -> _Group:
    journeys = laid.journeys
    shards.write_columns(target, journeys, laid.persons)
    return _Group(
        landscape=journeys.landscape,
        persons=journeys.persons,
        touches=journeys.touches,
        first=epoch + int(journeys.time.min()) if journeys.touches else None,
        last=epoch + int(journeys.time.max()) if journeys.touches else None,
        unbound=laid.unbound,
        attributes=laid.attributes,
    )


def _committed_events(change: int) -> int:
    return _event_files(change).aggregate(sum=Sum("rows"))["sum"] or 0


def _event_files(change: int) -> QuerySet[LogFile]:
    return LogFile.objects.filter(as_of(change), kind=LogFile.Kind.EVENTS)


def _epoch(change: int) -> int:
    first = _event_files(change).aggregate(first=Min("first_time"))["first"]
    return 0 if first is None else year_start(np.array([int(first.timestamp())]))


def _share(
    folder: Path, group: _Group, landscape: Landscape, attributes: list[tuple[str, tuple[str, ...]]]
) -> None:
    """Bring one shard to the touchpoint codes and labels of all."""
    if group.landscape != landscape:
        shards.recode(folder, _codes(group, landscape))
    for at, (name, labels) in enumerate(attributes):
        shards.write_attribute(folder, at, attribute(group.attributes, name, labels, group.persons).codes)


def _codes(group: _Group, landscape: Landscape) -> NDArray[np.unsignedinteger]:
    """Return the code among all touchpoints for each code of one group."""
    place = {touchpoint: code for code, touchpoint in enumerate(landscape.touchpoints)}
    wide = np.uint8 if len(landscape.touchpoints) <= 256 else np.uint16  # noqa: PLR2004 - 8 bits
    codes: NDArray[np.unsignedinteger] = np.array([place[one] for one in group.landscape.touchpoints], wide)
    return codes


def _left_out(group: _Group, bindings: Bindings) -> int:
    return 0 if bindings.unbound_names_are_touchpoints else sum(group.unbound.values())


def _describe(row: JourneyBuild, groups: Sequence[_Group], unbound: Counter[str]) -> None:
    row.persons = sum(group.persons for group in groups)
    row.touches = sum(group.touches for group in groups)
    row.first_touch = min((group.first for group in groups if group.first is not None), default=None)
    row.last_touch = max((group.last for group in groups if group.last is not None), default=None)
    row.unbound = unbound.total()
    frequent = sorted(unbound.items(), key=lambda item: (-item[1], item[0]))[:NAMES_KEPT]
    # Names in a log of an earlier version may hold zero bytes, which PostgreSQL does not keep.
    row.unbound_names = [(name.replace("\0", ""), count) for name, count in frequent]


def _make_current(row: JourneyBuild) -> None:
    with transaction.atomic():
        JourneyBuild.objects.filter(current=True).update(current=False)
        row.current = True
        row.save(force_insert=True)


def _remove_old(folder: Path) -> None:
    """Remove all builds but the current one and the one before, and what cut-off builds left.

    A reader that still maps a removed file keeps it until it lets go; the system sees to that.
    """
    kept = list(JourneyBuild.objects.order_by("-pk").values_list("pk", "key")[:2])
    JourneyBuild.objects.exclude(pk__in=[pk for pk, _ in kept]).delete()
    keys = {key for _, key in kept} | {bound_folder().name}
    for old in folder.iterdir():
        if old.is_dir() and old.name not in keys:
            shutil.rmtree(old, ignore_errors=True)
