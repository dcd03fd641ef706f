"""Which journeys go into an event log, and how they are cut into cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.insights.contracts import NoSuchAttributeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys
    from wegmarke.insights.contracts import Selection
    from wegmarke.record.contracts import Shard

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Case:
    """One case: whose, which of theirs, and where its touches stand in the shard."""

    journeys: Journeys
    at: int
    person: str
    number: int
    touches: NDArray[np.intp]


def segments(shards: Sequence[Shard]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the attributes that can be chosen, each with its values."""
    if not shards:
        return ()
    return tuple((one.name, one.labels) for one in shards[0].journeys.attributes)


def cases(shards: Sequence[Shard], selection: Selection) -> Iterator[Case]:
    """Yield the cases of a selection, those without a touch left out. Raises `NoSuchAttributeError`."""
    for shard in shards:
        journeys = shard.journeys
        wanted = _wanted(journeys, selection)
        kept = _in_time(journeys, selection)
        for at in np.flatnonzero(wanted):
            start, stop = int(journeys.offsets[at]), int(journeys.offsets[at + 1])
            touches = np.arange(start, stop)[kept[start:stop]]
            if len(touches):
                yield from _cut(journeys, int(at), shard.persons[int(at)].as_py(), touches, selection)


def _wanted(journeys: Journeys, selection: Selection) -> NDArray[np.bool_]:
    if selection.attribute is None:
        return np.ones(journeys.persons, np.bool_)
    found = next((one for one in journeys.attributes if one.name == selection.attribute), None)
    if found is None or selection.label not in found.labels:
        raise NoSuchAttributeError(selection.attribute)
    wanted: NDArray[np.bool_] = found.codes == found.labels.index(selection.label)
    return wanted


def _in_time(journeys: Journeys, selection: Selection) -> NDArray[np.bool_]:
    seconds = journeys.time.astype(np.int64) + journeys.epoch
    kept = np.ones(len(seconds), np.bool_)
    if selection.since is not None:
        kept &= seconds >= selection.since.timestamp()
    if selection.until is not None:
        kept &= seconds < selection.until.timestamp()
    return kept


def _cut(
    journeys: Journeys, at: int, person: str, touches: NDArray[np.intp], selection: Selection
) -> Iterator[Case]:
    parts = [touches]
    if selection.case_gap_days is not None:
        pauses = np.diff(journeys.time[touches].astype(np.int64))
        parts = np.split(touches, np.flatnonzero(pauses > int(selection.case_gap_days * DAY)) + 1)
    for number, part in enumerate(parts, start=1):
        yield Case(journeys, at, person, number, part)
