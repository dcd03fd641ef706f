"""The log: append batches exactly once, know message ids for good, rewrite rows where the law wants it.

Write to staging → fsync files and folder → one transaction (files, batch, the caller's own rows) → rename
into place → fsync folders. A crash before the commit leaves files nobody knows, which recovery removes; a
crash after it leaves renames undone, which recovery does. Readers find a committed file in either place.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from wegmarke.record import disk, mover
from wegmarke.record.committing import commit, holding, known_batch, last_change, recover_under, settle
from wegmarke.record.contracts import Appended, Recovered, Rewritten
from wegmarke.record.ids import judge, opened
from wegmarke.record.layout import IDS, existing_log, open_log
from wegmarke.record.models import Batch, LogFile
from wegmarke.record.personal import sealed_properties, sealed_traits
from wegmarke.record.reading import find, read_file, standing
from wegmarke.record.staging import checked, stage, successor, told, write_rows
from wegmarke.sealing.keys import keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from wegmarke.record.contracts import MessageIds
    from wegmarke.record.layout import LogLayout
    from wegmarke.record.mover import Hold


@contextmanager
def writing(*, wait: float = mover.WAIT) -> Iterator[Writer]:
    """Take the log for as long as the block runs, with what was cut off before finished.

    Nobody else can change the log meanwhile, so what `Writer.known` says stays true until `Writer.append`.
    Raises `MoverBusyError` after `wait` seconds.
    """
    layout = open_log()
    with holding(layout, wait=wait) as held:
        yield Writer(layout, held)


@dataclass(frozen=True, slots=True)
class Writer:
    """The log in the hand of the one who may change it; made by `writing`."""

    _layout: LogLayout
    _held: Hold

    def known(self, ids: MessageIds) -> NDArray[np.int8]:
        """Say for each id whether the log knows it (`Known`): 0 new, 1 with the same content, 2 with other.

        Ids that repeat within `ids` are judged as well, the first of them being new. Raises
        `LogDamagedError`.
        """
        files = LogFile.objects.filter(standing(), kind=IDS).order_by("-rows")
        return judge(ids, (opened(find(self._layout, file), file.rows) for file in files))

    def append(  # noqa: PLR0913 - all by keyword
        self,
        *,
        events: pa.Table | None,
        traits: pa.Table | None,
        ids: MessageIds | None = None,
        source: str,
        batch_key: str,
        in_transaction: Callable[[], None] | None = None,
        now: datetime | None = None,
    ) -> Appended:
        """Append one batch as `services.append` does, and with it the `ids` of its messages.

        The ids have to be those that `known` called new; they are known from the transaction on that commits
        the batch. Personal values are sealed (`personal`). Raises `InvalidBatchError` where an id repeats
        within `ids`, else as `services.append`.
        """
        known = known_batch(batch_key)
        if known:
            return known
        keys = keyring()
        tables = {
            "events": sealed_properties(checked("events", events), keys),
            "traits": sealed_traits(checked("traits", traits), keys),
        }
        now = now or timezone.now()
        tables["traits"] = told(tables["traits"], at=now, source=source)
        batch = Batch(
            batch_key=batch_key,
            sequence=last_change() + 1,
            source=source,
            events=tables["events"].num_rows,
            traits=tables["traits"].num_rows,
            created_at=now,
        )
        files = stage(self._layout, batch.sequence, tables, ids)
        commit(self._held, files=files, batch=batch, now=now, in_transaction=in_transaction)
        settled = settle(self._layout, files)
        return Appended(batch.sequence, batch.events, batch.traits, settled=settled)

    def rewrite(  # noqa: PLR0913 - all by keyword
        self,
        *,
        kind: str,
        partition: int,
        transform: Callable[[pa.Table], pa.Table],
        concerns: Callable[[LogFile], bool] | None = None,
        source: str,
        batch_key: str,
        in_transaction: Callable[[int], None] | None = None,
        now: datetime | None = None,
    ) -> Rewritten:
        """Write the rows of one partition anew, as erasure has to; once per `batch_key`.

        `transform` gets the rows of one file after another (`kind`: events or traits) and returns those that
        stay, changed or not, in the same order. Where `concerns` is given, only files it picks are written
        anew, whether rows of them change or not. This is a change of the log: whoever reads as of it or later
        reads the new rows. `in_transaction` runs inside the transaction and is told how many rows are gone.
        The old files are removed by `steps.compact_one` once nobody reads them. Raises as `append` does.
        """
        known = known_batch(batch_key)
        if known:
            return Rewritten(known.change, 0, known=True)
        now = now or timezone.now()
        change = last_change() + 1
        files, replaced, removed = [], [], 0
        for file in LogFile.objects.filter(standing(), kind=kind, partition=partition).order_by("pk"):
            if concerns and not concerns(file):
                continue
            rows = read_file(self._layout, file)
            kept = checked(kind, transform(rows))
            if concerns or not kept.equals(rows):
                replaced.append(file)
                files.append(successor(self._layout, [file], since=change))
                write_rows(files[-1], self._layout.staged(files[-1].path), kept)
                removed += rows.num_rows - kept.num_rows
        disk.sync_folders([self._layout.staging])
        batch = Batch(
            batch_key=batch_key,
            sequence=change,
            source=source,
            events=0,
            traits=0,
            rewritten=partition,
            created_at=now,
        )
        commit(
            self._held,
            files=files,
            batch=batch,
            replaced=replaced,
            until=change,
            now=now,
            in_transaction=None if in_transaction is None else lambda: in_transaction(removed),
        )
        settled = settle(self._layout, files, replaced)
        return Rewritten(change, removed, settled=settled)


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
    known = known_batch(batch_key)
    if known:
        return known
    with writing() as writer:
        return writer.append(
            events=events,
            traits=traits,
            source=source,
            batch_key=batch_key,
            in_transaction=in_transaction,
            now=now,
        )


def recover() -> Recovered:
    """Finish cut-off renames, remove files of changes never committed, report what is missing or unknown.

    Harmless at any time; a worker does it when it starts.
    """
    layout = existing_log()
    if layout is None:
        return Recovered()
    with mover.hold(layout):
        return recover_under(layout)
