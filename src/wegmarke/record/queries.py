"""What can be asked of the record: how far the log is, which journeys are current, the journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Max, Q, Sum

from wegmarke.analysis.outcomes import Period
from wegmarke.record import lookup, personal, previewing, unbound
from wegmarke.record.building import journeys_folder
from wegmarke.record.contracts import Build, LogState
from wegmarke.record.errors import BuildGoneError
from wegmarke.record.found import PersonJourney
from wegmarke.record.layout import partition_of
from wegmarke.record.models import Batch, JourneyBuild, LogFile
from wegmarke.record.reading import standing
from wegmarke.record.shards import open_shards

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wegmarke.record.contracts import (
        BindingRule,
        Bindings,
        RulePreview,
        Shard,
        Split,
        UnboundName,
        UnboundTally,
    )


plain_name = personal.plain
bound = lookup.bound
events_of = lookup.events_of
is_known = lookup.is_known
is_personal_trait = personal.is_personal_trait
last_seen = lookup.last_seen
persons_with = lookup.persons_with
trait_names = lookup.trait_names
traits_of = lookup.traits_of
windows_of = lookup.windows_of


def persons_beginning(texts: Sequence[str], *, limit: int) -> tuple[str, ...]:
    """Return persons of the current journeys whose names begin with one of some texts."""
    build = current_build()
    found: list[str] = []
    for shard in shards(build) if build else ():
        begins = [pc.starts_with(shard.persons, pattern=text) for text in texts]
        at = np.flatnonzero(np.logical_or.reduce([one.to_numpy(zero_copy_only=False) for one in begins]))
        found += shard.persons.take(pa.array(at[:limit])).to_pylist()
    return tuple(sorted(found)[:limit])


def _nobody(_done: int, _all: int) -> None:
    """Take the progress nobody asked about."""


def log_state() -> LogState:
    """Return how far the log is."""
    files = LogFile.objects.filter(standing()).aggregate(
        files=Count("pk"), rows=Sum("rows", filter=Q(kind=LogFile.Kind.EVENTS), default=0)
    )
    change = Batch.objects.aggregate(last=Max("sequence", default=0))["last"]
    return LogState(files["files"], files["rows"], change)


def current_build() -> Build | None:
    """Return the build all pages live from, or None where journeys were never built."""
    row = JourneyBuild.objects.filter(current=True).first()
    return build_of(row) if row else None


def shards(build: Build) -> tuple[Shard, ...]:
    """Map the journeys of a build into memory, once per process.

    Raises `BuildGoneError` where two newer builds have replaced it: ask for the current one then.
    """
    return open_shards(str(journeys_folder() / build.key))


def journey_of(person: str) -> PersonJourney | None:
    """Return the touches of one person by name, where the current journeys know of any."""
    for _attempt in range(2):
        build = current_build()
        try:
            return _journey(shards(build), person) if build else None
        except BuildGoneError:  # a newer one has just taken its place
            continue
    return None


def _journey(parts: Sequence[Shard], person: str) -> PersonJourney | None:
    shard = parts[partition_of(person, len(parts))]
    at = pc.index(shard.persons, person).as_py()
    if at < 0:
        return None
    journeys = shard.journeys
    own = slice(int(journeys.offsets[at]), int(journeys.offsets[at + 1]))
    time = journeys.time[own].astype(np.int64) + journeys.epoch
    return PersonJourney(time, journeys.touchpoint[own], journeys.experience[own], journeys.landscape)


def preview_rules(
    rules: tuple[BindingRule, ...], bindings: Bindings, touchpoint: str | None, *, examples: int = 10
) -> RulePreview:
    """Say what `rules` would match in the log as rules of `touchpoint` (None: a new one after all others).

    Looks at as many persons as about two million events allow and scales up; `RulePreview` says how. Raises
    `LogDamagedError`.
    """
    return previewing.preview(rules, bindings, touchpoint, examples=examples)


def event_names() -> tuple[str, ...]:
    """Return the names of all events in the log; raises `LogDamagedError`."""
    return unbound.event_names()


def sample_unbound(
    bindings: Bindings,
    ignored: Sequence[BindingRule],
    *,
    called: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = _nobody,
) -> tuple[UnboundName, ...]:
    """Return every event name of which no rule binds some events, with a sample; reads the whole log.

    Events that `ignored` rules match are left out; names that are `called` alike are taken as one.
    `progress(done, partitions)` may raise to end it. Raises `LogDamagedError`.
    """
    return unbound.sample_unbound(bindings, ignored, progress, called=called)


def tally_unbound(
    bindings: Bindings,
    ignored: Sequence[BindingRule],
    splits: Mapping[str, Split],
    *,
    called: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = _nobody,
) -> UnboundTally:
    """Count the same events by name, and by the form of a property where a name is in `splits`."""
    return unbound.tally_unbound(bindings, ignored, splits, progress, called=called)


def build_of(row: JourneyBuild) -> Build:
    """Turn a row into its contract."""
    first, last = row.first_touch, row.last_touch
    return Build(
        key=row.key,
        plan_version=row.plan_version,
        change=row.change,
        events=row.events,
        persons=row.persons,
        touches=row.touches,
        unbound=row.unbound,
        unbound_names=tuple((name, count) for name, count in row.unbound_names),
        period=None if first is None or last is None else Period(first, last),
        built_at=row.built_at,
    )
