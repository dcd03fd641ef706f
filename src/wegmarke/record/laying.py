"""Lay journeys out: events bound to touchpoints, sorted by person, time and arrival."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from wegmarke.analysis.errors import InvalidJourneysError
from wegmarke.analysis.journeys import MAX_SECONDS, MAX_TOUCHPOINTS, Journeys, Landscape, StartedBy
from wegmarke.analysis.kernels.sorting import sort_touches
from wegmarke.analysis.outcomes import Period
from wegmarke.record.attributes import RawAttribute, agree_on_labels, attribute, raw_attributes
from wegmarke.record.binding import UNBOUND, bind
from wegmarke.record.columns import encoded, floats, microseconds
from wegmarke.record.contracts import Shard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from wegmarke.record.contracts import Bindings

MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class BoundEvents:
    """Events as the rules bind them, one entry each, in order of arrival.

    `person` (int32) is a code of `persons`, which stand in order of their first event; `time` counts
    microseconds since 1970 (UTC); `touchpoint` (int32) is the place in the bindings or `UNBOUND`;
    `experience` (uint8); `value` (float32) is NaN where there is none; `name` (int32) is a code of `names`.
    """

    person: NDArray[np.int32]
    persons: pa.StringArray
    time: NDArray[np.int64]
    touchpoint: NDArray[np.int32]
    experience: NDArray[np.uint8]
    value: NDArray[np.float32]
    name: NDArray[np.int32]
    names: Sequence[str]

    def unbound_names(self) -> dict[str, int]:
        """Count the events that no rule binds, per event name."""
        counts = np.bincount(self.name[self.touchpoint == UNBOUND], minlength=len(self.names))
        return {self.names[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}


@dataclass(frozen=True, slots=True)
class Laid:
    """Journeys of one group of persons before the groups agree on landscape and labels.

    `unbound` counts the events no rule binds, per event name; `attributes` are not yet part of `journeys`.
    """

    journeys: Journeys
    persons: pa.StringArray
    unbound: dict[str, int]
    attributes: list[RawAttribute]


def lay_out(events: pa.Table, bindings: Bindings, *, traits: pa.Table | None = None) -> Shard:
    """Bind events (`EVENT_SCHEMA`, in order of arrival) and lay the journeys of all persons out, in memory.

    Everybody with an event is a person, bound or not; traits (`TRAITS_SCHEMA`) of others are ignored. Raises
    `InvalidJourneysError` where the times span more than 68 years or there are more than 65,535 touchpoints.
    """
    laid = lay(events, bindings, traits=traits)
    agreed = agree_on_labels([(laid.attributes, laid.journeys.persons)], bindings.attributes)
    left_out = 0 if bindings.unbound_names_are_touchpoints else sum(laid.unbound.values())
    return Shard(with_labels(laid, agreed), laid.persons, left_out)


def lay(
    events: pa.Table, bindings: Bindings, *, traits: pa.Table | None = None, epoch: int | None = None
) -> Laid:
    """Bind one group of events and lay its persons out by itself."""
    return lay_bound(bound_events(events, bindings), bindings, traits=traits, epoch=epoch)


def bound_events(events: pa.Table, bindings: Bindings) -> BoundEvents:
    """Bind events (`EVENT_SCHEMA`, in order of arrival)."""
    person, persons = _persons(events.column("person"))
    bound = bind(events, bindings)
    value = floats(events.column("value"))
    return BoundEvents(
        person=person,
        persons=persons,
        time=microseconds(events.column("time")),
        touchpoint=bound.touchpoint,
        experience=bound.experience,
        value=np.full(len(person), np.nan, np.float32) if value is None else value,
        name=bound.name,
        names=bound.names,
    )


def lay_bound(
    bound: BoundEvents, bindings: Bindings, *, traits: pa.Table | None = None, epoch: int | None = None
) -> Laid:
    """Lay one group of persons out by itself; the record does this per partition and joins them."""
    unbound = bound.unbound_names()
    kept, touchpoint = _coded(bound, unbound, bindings)
    order = _in_time(bound, kept)
    seconds = bound.time // MICROSECONDS
    start = year_start(seconds) if epoch is None else epoch
    _check_span(seconds, start)
    journeys = Journeys.build(
        person=bound.person[order],
        seconds=seconds[order],
        touchpoint=touchpoint[order],
        experience=bound.experience[order],
        value=bound.value[order],
        landscape=landscape_of(bindings, unbound),
        persons=len(bound.persons),
        epoch=start,
    )
    return Laid(journeys, bound.persons, unbound, raw_attributes(traits, bound.persons))


def landscape_of(bindings: Bindings, unbound: Mapping[str, int]) -> Landscape:
    """Name the touchpoints.

    Those of the bindings come first in their order, whether they occur or not; then, where unbound names are
    touchpoints, these by frequency and name.
    """
    keys = [binding.touchpoint for binding in bindings.touchpoints]
    taken = set(keys)
    own = _own_names(unbound) if bindings.unbound_names_are_touchpoints else []
    if len(keys) + len(own) > MAX_TOUCHPOINTS:
        msg = f"{len(keys) + len(own)} different touchpoints, at most {MAX_TOUCHPOINTS} are possible"
        raise InvalidJourneysError(msg)
    place = {phase: at for at, phase in enumerate(bindings.phases, start=1)}
    unknown = {binding.phase for binding in bindings.touchpoints} - {None, *place}
    if unknown:
        msg = f"touchpoints name phases that do not exist: {', '.join(sorted(map(str, unknown)))}"
        raise InvalidJourneysError(msg)
    none = [0] * len(own)
    return Landscape(
        touchpoints=(*keys, *(_own_key(name, taken) for name in own)),
        phases=bindings.phases,
        phase=(*(place[b.phase] if b.phase else 0 for b in bindings.touchpoints), *none),
        started_by=(*(b.started_by for b in bindings.touchpoints), *(StartedBy.UNKNOWN for _ in own)),
    )


def _own_names(unbound: Mapping[str, int]) -> list[str]:
    return sorted(unbound, key=lambda name: (-unbound[name], name))


def _own_key(name: str, taken: set[str]) -> str:
    """Name the touchpoint of an unbound name; one that is a touchpoint's key already gets a mark.

    Its events are those the rules of that touchpoint refuse, so the two must not be counted together.
    """
    while name in taken:
        name += " (event)"
    taken.add(name)
    return name


def with_labels(laid: Laid, agreed: Sequence[tuple[str, tuple[str, ...]]]) -> Journeys:
    """Give the journeys their attributes, coded with the labels all groups agreed on."""
    bare = laid.journeys
    return Journeys(
        offsets=bare.offsets,
        time=bare.time,
        touchpoint=bare.touchpoint,
        experience=bare.experience,
        value=bare.value,
        landscape=bare.landscape,
        epoch=bare.epoch,
        attributes=tuple(attribute(laid.attributes, name, labels, bare.persons) for name, labels in agreed),
    )


def period_of(shards: Sequence[Shard]) -> Period:
    """Return the times of the first and the last touch; raises `InvalidJourneysError` where there is none."""
    spans = [
        (
            shard.journeys.epoch + int(shard.journeys.time.min()),
            shard.journeys.epoch + int(shard.journeys.time.max()),
        )
        for shard in shards
        if shard.journeys.touches
    ]
    if not spans:
        msg = "there are no touches: no rule binds any event"
        raise InvalidJourneysError(msg)
    return Period(min(first for first, _ in spans), max(last for _, last in spans))


def year_start(seconds: NDArray[np.int64]) -> int:
    """Return the start (UTC) of the year of the earliest time, in Unix seconds; 0 where there is none."""
    if len(seconds) == 0:
        return 0
    year = int(np.datetime64(int(seconds.min()), "s").astype("datetime64[Y]").astype(int)) + 1970
    return int(np.datetime64(f"{year:04d}-01-01", "s").astype(int))


def _persons(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.StringArray]:
    """Code the persons in order of their first event."""
    codes, ids = encoded(column)
    if column.null_count:
        msg = f"{column.null_count} events without a person"
        raise InvalidJourneysError(msg)
    used = np.zeros(len(ids), np.bool_)
    used[codes] = True
    if used.all():
        return codes, ids
    compact = (np.cumsum(used) - 1).astype(np.int32)
    return compact[codes], ids.filter(pa.array(used))


def _coded(
    bound: BoundEvents, unbound: Mapping[str, int], bindings: Bindings
) -> tuple[NDArray[np.bool_] | None, NDArray[np.int32]]:
    """Say which events are kept (None: all) and give each its code in the landscape."""
    if not unbound:
        return None, bound.touchpoint
    free = bound.touchpoint == UNBOUND
    if not bindings.unbound_names_are_touchpoints:
        return ~free, bound.touchpoint
    code = {name: len(bindings.touchpoints) + at for at, name in enumerate(_own_names(unbound))}
    table = np.array([code.get(name, UNBOUND) for name in bound.names], np.int32)
    return None, np.where(free, table[bound.name], bound.touchpoint)


def _in_time(bound: BoundEvents, kept: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """Return the order in which to hand the kept events to `Journeys.build`.

    Journeys count whole seconds and keep equal ones as they come, so events that differ by less are sorted
    first.
    """
    order, _offsets = sort_touches(bound.person, bound.time, len(bound.persons))
    return order if kept is None else order[kept[order]]


def _check_span(seconds: NDArray[np.int64], epoch: int) -> None:
    if len(seconds) and not 0 <= seconds.min() - epoch <= seconds.max() - epoch <= MAX_SECONDS:
        first, last = (datetime.fromtimestamp(int(t), UTC).date() for t in (seconds.min(), seconds.max()))
        msg = f"times from {first} to {last} are more than 68 years apart"
        raise InvalidJourneysError(msg)
