"""The log: append a batch exactly once, and finish what a crash cut off.

Write to staging → fsync files and folder → one transaction (files, batch, the caller's own rows) → rename
into place → fsync folders. A crash before the commit leaves files nobody knows, which recovery removes; a
crash after it leaves renames undone, which recovery does. Readers find a committed file in either place.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from wegmarke.record import disk, mover
from wegmarke.record.contracts import Appended, Recovered
from wegmarke.record.errors import InvalidBatchError
from wegmarke.record.layout import existing_log, open_log
from wegmarke.record.models import Batch, LogFile
from wegmarke.record.staging import checked, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    import pyarrow as pa

    from wegmarke.record.layout import LogLayout
    from wegmarke.record.mover import Hold
    from wegmarke.record.staging import StagedFile

logger = logging.getLogger(__name__)


def append(  # noqa: PLR0913 - all by keyword
    *,
    events: pa.Table | None,
    traits: pa.Table | None,
    source: str,
    batch_key: str,
    in_transaction: Callable[[], None] | None = None,
    now: datetime | None = None,
) -> Appended:
    """Append one batch to the log, exactly once per `batch_key`.

    `in_transaction` runs inside the transaction that commits the batch, so what it writes stands exactly when
    the batch does; for a batch already known it is not run. Must not be called inside a transaction. Raises
    `InvalidBatchError`, `MoverBusyError`, `MoverFencedError`, `OSError`; then nothing was committed, unless
    the database itself failed while committing: the same call again finds out.
    """
    known = _known(batch_key)
    if known:
        return known
    tables = {"events": checked("events", events), "traits": checked("traits", traits)}
    layout = open_log()
    with mover.hold(layout) as held:
        known = _known(batch_key)
        if known:
            return known
        if any(layout.staging.iterdir()):
            _recover(layout)
        batch = Batch(
            batch_key=batch_key,
            sequence=_last_change() + 1,
            source=source,
            events=tables["events"].num_rows,
            traits=tables["traits"].num_rows,
            created_at=now or timezone.now(),
        )
        files = stage(layout, batch.sequence, tables)
        disk.reached("staged")
        _commit(held, batch, files, in_transaction)
        disk.reached("committed")
        settled = _settle(layout, [file.path for file in files])
    return Appended(batch.sequence, batch.events, batch.traits, settled=settled)


def recover() -> Recovered:
    """Finish cut-off renames, remove files of batches never committed, report what is missing or unknown.

    Harmless at any time; a worker does it when it starts.
    """
    layout = existing_log()
    if layout is None:
        return Recovered()
    with mover.hold(layout):
        return _recover(layout)


def _known(batch_key: str) -> Appended | None:
    if not 0 < len(batch_key) <= 200:  # noqa: PLR2004 - the column's width
        msg = f"a batch key has 1 to 200 characters, not {len(batch_key)}"
        raise InvalidBatchError(msg)
    batch = Batch.objects.filter(batch_key=batch_key).first()
    return Appended(batch.sequence, batch.events, batch.traits, known=True) if batch else None


def _last_change() -> int:
    return Batch.objects.aggregate(last=Max("sequence"))["last"] or 0


def _commit(
    held: Hold, batch: Batch, files: list[StagedFile], in_transaction: Callable[[], None] | None
) -> None:
    """Make the batch part of the log.

    When this fails the staged files stay: a commit whose answer got lost may stand, and only the next
    recovery, which reads the database, can tell.
    """
    with transaction.atomic(durable=True):
        held.confirm()
        batch.save(force_insert=True)
        LogFile.objects.bulk_create(
            LogFile(
                batch=batch,
                kind=file.kind,
                partition=file.partition,
                path=file.path,
                rows=file.rows,
                size=file.size,
                first_time=file.first_time,
                last_time=file.last_time,
                sha256=file.sha256,
            )
            for file in files
        )
        if in_transaction:
            in_transaction()
        disk.reached("before commit")


def _settle(layout: LogLayout, paths: list[str]) -> bool:
    """Rename committed files into place; they count already, so a failing disk here is no failed batch."""
    try:
        _rename(layout, paths)
    except OSError:
        logger.exception("Committed files of the log could not be renamed; recovery will try again")
        return False
    return True


def _rename(layout: LogLayout, paths: Iterable[str]) -> None:
    folders = {layout.staging}
    for path in paths:
        disk.rename(layout.staged(path), layout.committed(path))
        folders.add(layout.committed(path).parent)
        disk.reached("renamed")
    disk.sync_folders(folders)


def _recover(layout: LogLayout) -> Recovered:
    for folder in [*layout.folders(), layout.staging]:
        disk.make_folder(folder)
    committed = set(LogFile.objects.values_list("path", flat=True))
    staged = {file.name for file in layout.staging.iterdir()}
    in_place = {
        file.relative_to(layout.folder).as_posix() for folder in layout.folders() for file in folder.iterdir()
    }
    unfinished = {path for path in committed - in_place if layout.staged(path).name in staged}
    _rename(layout, sorted(unfinished))
    orphans = sorted(staged - {layout.staged(path).name for path in unfinished})
    for orphan in orphans:
        (layout.staging / orphan).unlink()
        disk.reached("orphan removed")
    disk.sync_folders([layout.staging])
    found = Recovered(
        finished=tuple(sorted(unfinished)),
        removed=tuple(orphans),
        missing=tuple(sorted(committed - in_place - unfinished)),
        unknown=tuple(sorted(in_place - committed)),
    )
    if found.missing or found.unknown:
        logger.error("The log is not whole: missing %s, unknown %s", found.missing, found.unknown)
    return found
