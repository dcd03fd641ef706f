"""Single-row steps of the worker: read one import and append its events to the log, exactly once.

The whole file is read before anything is appended, so a file that turns out to be unreadable leaves nothing
behind. Chunks are then appended one transaction each; the same transaction moves `chunks_done`, so wherever
the process is killed, the next attempt reads the file again and goes on behind the last chunk that counts.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from wegmarke.capture import files, rules, services, sparing, storage
from wegmarke.capture.contracts import Status
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.models import Import
from wegmarke.due import claiming
from wegmarke.record import services as record
from wegmarke.record.contracts import Known, MessageIds

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

LEASE = timedelta(seconds=90)
EXTEND_AFTER = 15.0  # seconds
SHOW_AFTER = 0.5  # seconds between two notes of the progress


def import_one(now: datetime) -> bool:
    """Work the import that is due longest; return whether there was one."""
    due = Import.objects.filter(status__in=rules.OPEN)
    worked = claiming.work_one(due, now=now, lease=LEASE, work=lambda row: _Work(row, now).run())
    _show_dead(now)
    if not worked:
        services.tidy_now_and_then(now=now)
    return worked


class _Work:
    """One attempt at one import."""

    def __init__(self, row: Import, now: datetime) -> None:
        self.row = row
        self._began = now
        self._clock = time.monotonic()
        self._shown = self._extended = self._clock

    @property
    def now(self) -> datetime:
        """The moment the step was given, plus the time it has worked since."""
        return self._began + timedelta(seconds=time.monotonic() - self._clock)

    def run(self) -> None:
        with translation.override(self.row.language):
            try:
                self._change(status=Status.READING)
                read = self._read()
                self._append(read)
            except FileError as error:
                self._fail(error)
                return
        self._finish()

    def _read(self) -> files.Read:
        path = storage.raw_file(self.row.pk, self.row.suffix)
        mapping = ColumnMapping.from_dict(self.row.mapping)
        read = files.read(
            path, mapping, name=self.row.file_name, progress=self._show, namespace=self._namespace()
        )
        accepted, rejected = read.events.num_rows, read.rejected.num_rows
        if self.row.chunks_done and accepted != self.row.accepted:
            message = _("the file gives other events than when this import began; the rest was not imported.")
            raise FileError(self.row.file_name, message)
        self._write_rejected(read)
        self._change(rows=read.rows, accepted=accepted, rejected=rejected, read_share=1.0)
        return read

    def _write_rejected(self, read: files.Read) -> None:
        path = storage.rejected_file(self.row.pk)
        if not read.rejected.num_rows:
            path.unlink(missing_ok=True)
            return
        unfinished = path.with_suffix(".part")
        with unfinished.open(
            "w", encoding="utf-8-sig", newline=""
        ) as out:  # the mark tells Excel the encoding
            files.write_rejected(read.rejected, out)
        unfinished.replace(path)

    def _append(self, read: files.Read) -> None:
        parts = rules.chunks(rows=read.events.num_rows, size=self.row.chunk_rows, first=self.row.chunks_done)
        for number, start, stop in parts:
            try:
                self._append_chunk(read, number, slice(start, stop))
            except ValueError as error:  # what the record refuses now it refuses in every attempt
                message = _("the record does not take these events (%(why)s).") % {"why": str(error)[:200]}
                raise FileError(self.row.file_name, message) from error
            self._hold()

    def _append_chunk(self, read: files.Read, number: int, rows: slice) -> None:
        """Append the rows of one chunk that the log does not have, under the hold in which it was asked.

        Under it, too, nobody is erased between the question whose rows may come and the append.
        """
        assert read.ids is not None  # noqa: S101 - they were asked for
        ids = MessageIds(read.ids.high[rows], read.ids.low[rows], read.ids.content[rows])
        events = read.events.slice(rows.start, rows.stop - rows.start)
        with record.writing() as log:
            may = sparing.may_come(events)
            verdicts = log.known(ids)[may]
            new = may.copy()
            new[may] = verdicts == Known.NEW
            log.append(
                events=events.filter(pa.array(new)),
                traits=sparing.traits_of(read.traits, read.events) if number == 0 else None,
                ids=ids.take(new),
                source="import",
                batch_key=f"import-{self.row.pk}-{number}",
                in_transaction=partial(self._note_chunk, number, verdicts),
            )

    def _namespace(self) -> str:
        """Return where the rows are known; an import that counts all of its rows has a place of its own."""
        return self.row.namespace or f"import:{self.row.pk}"

    def _note_chunk(self, number: int, verdicts: NDArray[np.int8]) -> None:
        """Count a chunk in the transaction that makes it count; a lost lease takes the chunk back."""
        new, same, other = (int((verdicts == one).sum()) for one in (Known.NEW, Known.SAME, Known.DIFFERENT))
        self._change(
            chunks_done=number + 1,
            written=F("written") + new,
            known=F("known") + same + other,
            changed=F("changed") + other,
        )

    def _show(self, share: float) -> None:
        if time.monotonic() - self._shown >= SHOW_AFTER:
            self._shown = time.monotonic()
            self._change(read_share=min(max(share, 0.0), 1.0))
        self._hold()

    def _hold(self) -> None:
        if time.monotonic() - self._extended >= EXTEND_AFTER:
            self._extended = time.monotonic()
            claiming.extend(self.row, now=self.now, lease=LEASE)

    def _finish(self) -> None:
        keep = settings.IMPORT_KEEP_FILES
        with transaction.atomic():
            self._change(status=Status.DONE, finished_at=self.now, file_kept=keep, problem=None)
            claiming.finish(self.row, now=self.now)
        if not keep:
            storage.remove_contents(self.row.pk)

    def _fail(self, error: FileError) -> None:
        column = str(error.column) if error.column is not None else None
        problem = {"message": error.message, "line": error.line, "column": column}
        with transaction.atomic():
            self._change(status=Status.FAILED, finished_at=self.now, problem=problem)
            claiming.bury(self.row, now=self.now, error=str(error))

    def _change(self, **values: object) -> None:
        """Write to the row as long as it is ours and has not been called off."""
        held = Import.objects.filter(pk=self.row.pk, lease_token=self.row.lease_token, status__in=rules.OPEN)
        if held.update(**values) != 1:
            raise claiming.LeaseLostError(str(self.row.pk))


def _show_dead(now: datetime) -> None:
    """Say so on the page where an import was given up after its last attempt."""
    dead = Import.objects.filter(status__in=rules.OPEN, dead_at__isnull=False)
    dead.update(status=Status.FAILED, finished_at=now)
