"""What no binding rule binds: a sample per event name, and the tally of the groups somebody made of it.

Both go through the log partition by partition and leave out the events of `ignored` rules, which somebody has
looked at already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from django.db.models import Max

from wegmarke.record.binding import UNBOUND, bind, matched
from wegmarke.record.columns import encoded, floats, microseconds
from wegmarke.record.contracts import SampledEvent, UnboundGroup, UnboundName, UnboundTally
from wegmarke.record.layout import existing_log
from wegmarke.record.models import Batch
from wegmarke.record.personal import shown_properties
from wegmarke.record.properties import coded
from wegmarke.record.reading import read_named, read_partition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from wegmarke.record.contracts import BindingRule, Bindings, Scalar, Split

    Progress = Callable[[int, int], None]
    Ints = NDArray[np.int64]

SAMPLED: Final = 60_000  # events of a partition that are sampled at most, spread over the names
LEAST_SAMPLE: Final = 100  # of each name and partition, where there are so many
DAY: Final = 86_400
NONE: Final = -1
POLLED: Final = 6 * 3600
"""Longer distances than this are no clock of a machine: newsletters come regularly as well."""
LIKE_A_CLOCK: Final = 0.02
"""Distances between events that differ by less than this share are regular."""


@dataclass(slots=True)
class _Part:
    """The events of one partition in order of person and time; `open` says which of them are unbound."""

    person: Ints
    seconds: Ints
    touchpoint: Ints
    name: Ints
    names: tuple[str, ...]
    properties: pa.ChunkedArray
    rated: NDArray[np.bool_]
    open: NDArray[np.bool_]
    persons: int

    @property
    def starts(self) -> NDArray[np.bool_]:
        """Whether an event is the first one of its person."""
        first: NDArray[np.bool_] = np.diff(self.person, prepend=NONE) != 0
        return first

    def first_seconds(self) -> Ints:
        """Return for each event when its person was seen first."""
        at = np.maximum.accumulate(np.where(self.starts, np.arange(len(self.person)), 0))
        return self.seconds[at]


def event_names() -> tuple[str, ...]:
    """Return the names of all events in the log, in order of the alphabet. Raises `LogDamagedError`."""
    layout = existing_log()
    if layout is None:
        return ()
    change = Batch.objects.aggregate(last=Max("sequence", default=0))["last"]
    found: set[str] = set()
    for partition in range(layout.partitions):
        table = read_named(layout, partition, lambda _name: True, change=change, columns=("name",))
        found.update(table.column("name").unique().to_pylist())
    return tuple(sorted(found))


def sample_unbound(
    bindings: Bindings,
    ignored: Sequence[BindingRule],
    progress: Progress,
    *,
    called: Mapping[str, str] | None = None,
) -> tuple[UnboundName, ...]:
    """Return every event name of which some events are unbound, the most frequent first, with a sample.

    `called` may give several names one in common, under which their events are taken together.
    The sample takes every n-th event of a name, person by person. Raises `LogDamagedError`.
    """
    events: Counter[str] = Counter()
    samples: dict[str, list[SampledEvent]] = defaultdict(list)
    for base, part in enumerate(_parts(bindings, ignored, progress, called or {})):
        at = np.flatnonzero(part.open)
        counts = np.bincount(part.name[at], minlength=len(part.names))
        present = np.flatnonzero(counts)
        most = max(LEAST_SAMPLE, SAMPLED // max(1, len(present)))
        order = at[np.argsort(part.name[at], kind="stable")]
        ends = np.cumsum(counts)
        for code in present:
            own = order[ends[code] - counts[code] : ends[code]]
            name = part.names[code]
            events[name] += len(own)
            chosen = own[:: -(-len(own) // most)]
            samples[name].extend(_sampled(part, chosen, bindings, offset=base << 32))
    return tuple(UnboundName(name, count, tuple(samples[name])) for name, count in events.most_common())


def tally_unbound(
    bindings: Bindings,
    ignored: Sequence[BindingRule],
    splits: Mapping[str, Split],
    progress: Progress,
    *,
    called: Mapping[str, str] | None = None,
) -> UnboundTally:
    """Count all unbound events in groups: by name, and by the form of one property where a name is split.

    Raises `LogDamagedError`.
    """
    found: dict[tuple[str, Scalar | None], _Sum] = defaultdict(_Sum)
    events = persons = touched = 0
    near: Counter[int] = Counter()
    phases = _phases(bindings)
    for part in _parts(bindings, ignored, progress, called or {}):
        group, keys = _groups(part, splits)
        persons += part.persons
        touched += len(np.unique(part.person[group != NONE]))
        events += int(part.open.sum())
        for key, rows in _rows_of(group, keys):
            found[key].add(part, rows, _around(part, rows, phases))
        near.update(phases[part.touchpoint].tolist())
    groups = [one.as_group(*key, bindings.phases) for key, one in found.items()]
    groups.sort(key=lambda one: (-one.persons, -one.events, one.name, str(one.form)))
    everywhere = {bindings.phases[code]: count for code, count in near.items() if code != NONE}
    return UnboundTally(tuple(groups), events, persons, touched, everywhere)


def _parts(
    bindings: Bindings, ignored: Sequence[BindingRule], progress: Progress, called: Mapping[str, str]
) -> Iterator[_Part]:
    layout = existing_log()
    if layout is None:
        return
    change = Batch.objects.aggregate(last=Max("sequence", default=0))["last"]
    for partition in range(layout.partitions):
        progress(partition, layout.partitions)
        table = read_partition(layout, "events", partition, change=change)
        if table.num_rows:
            yield _part(table, bindings, ignored, called)
    progress(layout.partitions, layout.partitions)


def _part(
    table: pa.Table, bindings: Bindings, ignored: Sequence[BindingRule], called: Mapping[str, str]
) -> _Part:
    bound = bind(table, bindings)
    is_open = bound.touchpoint == UNBOUND
    [known] = matched(bound.name, bound.names, table.column("properties"), [list(ignored)])
    person, _ids = encoded(table.column("person"))
    times = microseconds(table.column("time"))
    order = np.lexsort((times, person))
    rating = floats(table.column("rating"))
    rated = np.zeros(len(order), np.bool_) if rating is None else ~np.isnan(rating)
    names = {called.get(name, name): 0 for name in bound.names}
    names = {name: code for code, name in enumerate(names)}
    recoded = np.array([names[called.get(name, name)] for name in bound.names], np.int64)
    return _Part(
        person=person[order].astype(np.int64),
        seconds=times[order] // 1_000_000,
        touchpoint=bound.touchpoint[order].astype(np.int64),
        name=recoded[bound.name[order]],
        names=tuple(names),
        properties=table.column("properties").take(pa.array(order)),
        rated=rated[order],
        open=(is_open & ~known)[order],
        persons=len(np.unique(person)),
    )


def _sampled(part: _Part, rows: Ints, bindings: Bindings, *, offset: int) -> Iterator[SampledEvent]:
    starts = part.starts
    months = part.seconds[rows].astype("datetime64[s]").astype("datetime64[M]").astype(int)
    texts = part.properties.take(pa.array(rows)).to_pylist()
    for row, month, text in zip(rows.tolist(), months.tolist(), texts, strict=True):
        before = "" if starts[row] else _name_of(part, row - 1, bindings)
        yield SampledEvent(offset + int(part.person[row]), month, before, shown_properties(text))


def _name_of(part: _Part, row: int, bindings: Bindings) -> str:
    code = int(part.touchpoint[row])
    return part.names[part.name[row]] if code == UNBOUND else bindings.touchpoints[code].touchpoint


def _groups(part: _Part, splits: Mapping[str, Split]) -> tuple[Ints, list[tuple[str, Scalar | None]]]:
    """Return the group of each event (`NONE`: bound or ignored) and what each group is."""
    group = np.where(part.open, part.name, NONE)
    keys: list[tuple[str, Scalar | None]] = [(name, None) for name in part.names]
    for code, name in enumerate(part.names):
        split = splits.get(name)
        if split is None:
            continue
        selected = group == code
        if not selected.any():
            continue
        codes, forms = coded(part.properties, selected, split.key, split.form)
        # events without a form stay together under the bare name
        group[selected] = np.where(codes == NONE, code, codes + len(keys))
        keys.extend((name, form) for form in forms)
    return group, keys


def _rows_of(
    group: Ints, keys: list[tuple[str, Scalar | None]]
) -> Iterator[tuple[tuple[str, Scalar | None], Ints]]:
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group[group != NONE], minlength=len(keys))
    start = int((group == NONE).sum())
    for key, count in zip(keys, counts.tolist(), strict=True):
        if count:
            yield key, order[start : start + count]
        start += count


def _phases(bindings: Bindings) -> Ints:
    place = {phase: at for at, phase in enumerate(bindings.phases)}
    codes = [NONE if one.phase is None else place.get(one.phase, NONE) for one in bindings.touchpoints]
    return np.array([*codes, NONE], np.int64)  # UNBOUND is -1 and reads the last entry


def _around(part: _Part, rows: Ints, phases: Ints) -> Ints:
    """Return the phases of the touches right before and right after these events, as far as there are any."""
    phase = phases[part.touchpoint]
    places = np.flatnonzero(phase != NONE)
    if not len(places):
        return np.zeros(0, np.int64)
    after = np.searchsorted(places, rows)
    found = []
    for at in (after - 1, after):
        inside = (at >= 0) & (at < len(places))
        near = places[np.clip(at, 0, len(places) - 1)]
        same = inside & (part.person[near] == part.person[rows])
        found.append(phase[near[same]])
    return np.concatenate(found)


@dataclass(slots=True)
class _Sum:
    """What was found of one group so far."""

    events: int = 0
    persons: int = 0
    first: int = 2**62
    last: int = 0
    rated: int = 0
    most: int = 0
    regular: int = 0
    months: Counter[str] = field(default_factory=Counter)
    phases: Counter[int] = field(default_factory=Counter)
    days: list[NDArray[np.float64]] = field(default_factory=list)

    def add(self, part: _Part, rows: Ints, phases: Ints) -> None:
        """Add the events of one partition; each person is in one partition only."""
        seconds, person = part.seconds[rows], part.person[rows]
        each = np.unique(person, return_counts=True)[1]
        self.events += len(rows)
        self.persons += len(each)
        self.most = max(self.most, int(each.max()))
        self.first = min(self.first, int(seconds.min()))
        self.last = max(self.last, int(seconds.max()))
        self.rated += int(part.rated[rows].sum())
        self.regular += _regular(person, seconds)
        months, counts = np.unique(
            seconds.astype("datetime64[s]").astype("datetime64[M]"), return_counts=True
        )
        self.months.update(dict(zip(months.astype(str).tolist(), counts.tolist(), strict=True)))
        codes, counts = np.unique(phases, return_counts=True)
        self.phases.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))
        self.days.append((seconds - part.first_seconds()[rows]) / DAY)

    def as_group(self, name: str, form: Scalar | None, phases: Sequence[str]) -> UnboundGroup:
        """Turn the sums into their contract."""
        return UnboundGroup(
            name=name,
            form=form,
            events=self.events,
            persons=self.persons,
            first=self.first,
            last=self.last,
            months=dict(sorted(self.months.items())),
            phases={phases[code]: count for code, count in self.phases.most_common()},
            median_day=float(np.median(np.concatenate(self.days))),
            busiest=self.most / self.events,
            regular=self.regular / self.events,
            rated=self.rated,
        )


def _regular(person: Ints, seconds: Ints) -> int:
    """Count the events that come after the same time as the one before did, within the same person."""
    if len(person) < 3:  # noqa: PLR2004 - two distances need three events
        return 0
    gaps = np.diff(seconds)
    same = (person[2:] == person[:-2]) & (gaps[1:] > 0) & (gaps[1:] <= POLLED)
    close = np.abs(gaps[1:] - gaps[:-1]) <= LIKE_A_CLOCK * gaps[1:]
    return int((same & close).sum())
