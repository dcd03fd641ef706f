"""Ask questions over many shards: threads over groups of persons, tallies added up in a fixed order."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from wegmarke.analysis import asking
from wegmarke.analysis.errors import InvalidJourneysError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.analysis.asking import Question
    from wegmarke.analysis.journeys import Journeys
    from wegmarke.record.contracts import Shard

InsightT = TypeVar("InsightT")

CHUNK: Final = 500_000  # touches; small enough to keep all threads busy, large enough for cheap adding up


def ask(question: Question[InsightT], shards: Sequence[Shard], *, threads: int | None = None) -> InsightT:
    """Ask one question over all shards; the answer does not depend on the number of threads.

    `threads` defaults to the processors this process may use. Raises `InvalidJourneysError` where the shards
    do not share landscape, epoch and labels.
    """
    groups = chunks(shards)
    workers = min(threads or _processors(), len(groups))
    if workers <= 1:
        return asking.ask(question, groups)
    with ThreadPoolExecutor(workers, thread_name_prefix="ask") as pool:
        return asking.ask(question, groups, run=pool.map)


def _processors() -> int:
    """Count the processors this process may use, or all where the system cannot tell, such as macOS."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def chunks(shards: Sequence[Shard]) -> list[Journeys]:
    """Cut the shards between persons into groups of about `CHUNK` touches, by the data alone."""
    _check_alike(shards)
    groups = [group for shard in shards for group in _cut(shard.journeys)]
    return groups or [shards[0].journeys]


def _cut(journeys: Journeys) -> list[Journeys]:
    if journeys.persons == 0:
        return []
    borders = np.arange(CHUNK, journeys.touches, CHUNK)
    cuts = np.unique([0, *np.searchsorted(journeys.offsets, borders), journeys.persons])
    if len(cuts) == 2:  # noqa: PLR2004 - one piece has two ends
        return [journeys]
    return [journeys.select(int(start), int(stop)) for start, stop in pairwise(cuts)]


def _check_alike(shards: Sequence[Shard]) -> None:
    if not shards:
        msg = "there is nothing to ask: no shards"
        raise InvalidJourneysError(msg)
    first = shards[0].journeys
    labels = [(a.name, a.labels) for a in first.attributes]
    for shard in shards[1:]:
        other = shard.journeys
        same_labels = [(a.name, a.labels) for a in other.attributes] == labels
        if other.landscape != first.landscape or other.epoch != first.epoch or not same_labels:
            msg = "shards must share landscape, epoch and labels"
            raise InvalidJourneysError(msg)
