"""Make staged files part of the log, swap files for others, and finish what was cut off.

One transaction names the new files and says until when the old ones are read. Then files are moved: the old
ones aside, then the new ones into place, so that a plain look into the folder never sees rows twice. Whoever
lists files from the database finds each of them wherever it is, since files only move one way: staged, in
place, aside.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from wegmarke.record import disk, mover
from wegmarke.record.contracts import Appended, Recovered
from wegmarke.record.errors import InvalidBatchError
from wegmarke.record.layout import flat
from wegmarke.record.models import Batch, LogFile
from wegmarke.record.reading import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from wegmarke.record.layout import LogLayout
    from wegmarke.record.mover import Hold

logger = logging.getLogger(__name__)


@contextmanager
def holding(layout: LogLayout, *, wait: float = mover.WAIT) -> Iterator[Hold]:
    """Take the log for as long as the block runs, and first finish what was cut off."""
    with mover.hold(layout, wait=wait) as held:
        if any(layout.staging.iterdir()):
            recover_under(layout)
        yield held


def known_batch(batch_key: str) -> Appended | None:
    """Return what became of a batch where it is in the log already; raises `InvalidBatchError`."""
    if not 0 < len(batch_key) <= 200:  # noqa: PLR2004 - the column's width
        msg = f"a batch key has 1 to 200 characters, not {len(batch_key)}"
        raise InvalidBatchError(msg)
    batch = Batch.objects.filter(batch_key=batch_key).first()
    return Appended(batch.sequence, batch.events, batch.traits, known=True) if batch else None


def last_change() -> int:
    """Return the number of the last change of the log; 0 where there is none."""
    return Batch.objects.aggregate(last=Max("sequence"))["last"] or 0


def commit(  # noqa: PLR0913 - all by keyword
    held: Hold,
    *,
    files: Sequence[LogFile],
    batch: Batch | None = None,
    replaced: Sequence[LogFile] = (),
    until: int | None = None,
    now: datetime,
    in_transaction: Callable[[], None] | None = None,
) -> None:
    """Make staged files part of the log; readers of change `until` and later no longer read `replaced`.

    When this fails the staged files stay: a commit whose answer got lost may stand, and only the next
    recovery, which reads the database, can tell.
    """
    disk.reached("staged")
    with transaction.atomic(durable=True):
        held.confirm()
        if batch:
            batch.save(force_insert=True)
        LogFile.objects.bulk_create(files)
        LogFile.objects.filter(pk__in=[file.pk for file in replaced]).update(until=until, superseded_at=now)
        if in_transaction:
            in_transaction()
        disk.reached("before commit")
    disk.reached("committed")


def settle(layout: LogLayout, files: Iterable[LogFile], replaced: Iterable[LogFile] = ()) -> bool:
    """Move committed files where they belong.

    They count already, so a failing disk here is no failure of the change; returns whether all went well.
    """
    try:
        aside = _aside(layout, [file.path for file in replaced])
        into_place = _into_place(layout, [file.path for file in files])
        _move([*aside, *into_place])
    except OSError:
        logger.exception("Committed files of the log could not be renamed; recovery will try again")
        return False
    return True


def _into_place(layout: LogLayout, paths: Iterable[str]) -> list[tuple[Path, Path]]:
    return [(layout.staged(path), layout.committed(path)) for path in paths]


def _aside(layout: LogLayout, paths: Iterable[str]) -> list[tuple[Path, Path]]:
    """List the moves of files that were replaced, some before they were ever in place."""
    moves = []
    for path in paths:
        staged, committed, aside = layout.places(path)
        moves.append((committed if committed.exists() else staged, aside))
    return moves


def _move(moves: Sequence[tuple[Path, Path]]) -> None:
    for source, target in moves:
        disk.rename(source, target)
        disk.reached("renamed")
    disk.sync_folders(place.parent for move in moves for place in move)


def recover_under(layout: LogLayout) -> Recovered:
    """Finish or undo what was cut off; only for whoever holds the log. See `services.recover`."""
    layout.make_folders()
    stand = set(LogFile.objects.filter(standing()).values_list("path", flat=True))
    replaced = set(LogFile.objects.exclude(standing()).values_list("path", flat=True))
    staged, aside = _names(layout.staging), _names(layout.aside)
    in_place = {
        file.relative_to(layout.folder).as_posix() for folder in layout.folders() for file in folder.iterdir()
    }
    late = {path for path in replaced if path in in_place or flat(path) in staged}
    unfinished = {path for path in stand - in_place if flat(path) in staged}
    # Put aside by a state of the database that was given up: an older one was restored.
    taken_back = {path for path in stand - in_place - unfinished if flat(path) in aside}
    back = [(layout.superseded(path), layout.committed(path)) for path in sorted(taken_back)]
    _move([*_aside(layout, sorted(late)), *_into_place(layout, sorted(unfinished)), *back])
    orphans = sorted(
        [layout.staging / name for name in staged - {flat(path) for path in late | unfinished}]
        + [layout.aside / name for name in aside - {flat(path) for path in replaced | taken_back}]
    )
    disk.remove(orphans)
    found = Recovered(
        finished=tuple(sorted(late | unfinished | taken_back)),
        removed=tuple(orphan.name for orphan in orphans),
        missing=tuple(sorted(stand - in_place - unfinished - taken_back)),
        unknown=tuple(sorted(in_place - stand - replaced)),
    )
    if found.missing or found.unknown:
        logger.error("The log is not whole: missing %s, unknown %s", found.missing, found.unknown)
    return found


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}
