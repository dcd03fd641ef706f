"""Decisions about imports: what a file may be called, what may happen to one, how it is cut in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.capture.contracts import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.capture.contracts import ImportState

SUFFIXES = (".csv", ".parquet", ".xlsx", ".xes", ".xes.gz")
MAX_NAME = 255
CANCELLABLE = frozenset({Status.DRAFT, Status.WAITING})
OPEN = frozenset({Status.WAITING, Status.READING})


def suffix_of(name: str) -> str | None:
    """Return the suffix of a file name that can be read, in lower case; None for any other file."""
    lowered = name.lower()
    return next((suffix for suffix in reversed(SUFFIXES) if lowered.endswith(suffix)), None)


def shown_name(name: str) -> str:
    """Return a file name as text to show: its last part, without control characters, not too long.

    Only ever shown, never used as a path. Direction marks go too: they make `gpj.exe` look like `exe.jpg`.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in last if character.isprintable()).strip()
    return printable[:MAX_NAME] or "?"


def share_done(state: ImportState) -> float | None:
    """Return how much of an import is done, 0 to 1; None before the worker took it up.

    Reading the file counts as the first half, writing its events to the log as the second.
    """
    if state.rows is None:
        return None if state.status is Status.WAITING else state.read_share / 2
    return 0.5 + 0.5 * (
        1.0 if state.accepted == 0 else min((state.written + state.known) / state.accepted, 1.0)
    )


def chunks(*, rows: int, size: int, first: int) -> Iterator[tuple[int, int, int]]:
    """Yield the chunks of `rows` rows from chunk number `first` on, as (number, start, stop).

    The number of a chunk is part of its batch key, so a chunk means the same rows in every attempt.
    """
    for start in range(first * size, rows, size):
        yield start // size, start, min(start + size, rows)


def may_cancel(state: ImportState) -> bool:
    """Say whether an import can still be called off: nothing of it is in the log yet."""
    return state.status in CANCELLABLE


def may_map_again(state: ImportState) -> bool:
    """Say whether a failed import may be read with another mapping.

    Once chunks stand in the log, another mapping would give the same rows a second, different life.
    """
    return state.status is Status.FAILED and state.has_file and state.chunks_done == 0


def may_retry(state: ImportState) -> bool:
    """Say whether a failed import can be taken up where it stopped: the file itself was not at fault."""
    return state.status is Status.FAILED and state.has_file and state.problem is None
