"""Weave strands into one time line, page by page. Pure: no Django, no database."""

from __future__ import annotations

import heapq
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from wegmarke.profiles.contracts import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from wegmarke.profiles.contracts import Entry, Wanted

MOST_LOOKED_AT: Final = 20_000
"""Entries looked at for one page, where hardly any fits what is asked for."""
MOST_AT_ONCE: Final = 10_000


def page_of(strands: Iterable[Iterator[Entry]], fits: Callable[[Entry], bool], *, size: int) -> Page:
    """Return the newest entries that fit; each strand yields its own, the newest first.

    A page ends between two moments, never within one: whoever asks for what lies before `older` misses
    nothing and gets nothing twice. So it may be longer than `size`.
    """
    kept: list[Entry] = []
    last: datetime | None = None
    for looked, entry in enumerate(woven(strands)):
        full = len(kept) >= size or looked >= MOST_LOOKED_AT
        if full and last is not None and entry.at < last:
            return Page(tuple(kept), older=last, exhausted=len(kept) < size)
        last = entry.at
        if fits(entry):
            kept.append(entry)
    return Page(tuple(kept))


def woven(strands: Iterable[Iterator[Entry]]) -> Iterator[Entry]:
    """Yield the entries of all strands, the newest first; of one moment, in the order of the strands."""
    return heapq.merge(*strands, key=_age)


def _age(entry: Entry) -> float:
    return -entry.at.timestamp()


def runs(
    read: Callable[[datetime | None, int], tuple[list[Entry], bool]], before: datetime | None, *, first: int
) -> Iterator[Entry]:
    """Yield all entries of a strand that is read so many at a time, longer and longer runs.

    `read(before, limit)` returns the newest entries before a moment and whether there are more. Entries of
    the last moment of a run are taken with the next one, for they may go on in it.
    """
    limit = first
    for _run in count():
        entries, more = read(before, limit)
        if not more:
            yield from entries
            return
        whole = [entry for entry in entries if entry.at > entries[-1].at]
        yield from whole
        if whole:
            before = entries[-1].at + timedelta(microseconds=1)
        limit = min(MOST_AT_ONCE, limit * 8) if whole else limit * 8


def fitting(wanted: Wanted) -> Callable[[Entry], bool]:
    """Return the test whether an entry is wanted."""
    text = wanted.text.casefold()

    def fits(entry: Entry) -> bool:
        return (
            (not wanted.strands or entry.strand in wanted.strands)
            and (not wanted.touchpoint or entry.touchpoint == wanted.touchpoint)
            and (not wanted.phase or entry.phase == wanted.phase)
            and (wanted.feel is None or entry.feel == wanted.feel)
            and (not text or _says(entry, text))
        )

    return fits


def _says(entry: Entry, text: str) -> bool:
    said = (entry.title, entry.said, *(part for fact in entry.facts for part in fact))
    return any(text in one.casefold() for one in said)
