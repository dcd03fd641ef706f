"""Keep batches for good, many in one transaction: each waits for the fsync its neighbours wait for, too.

One thread with one connection writes. While it commits, the next batches gather; so the busier the site, the
more batches share a commit, and the time of an answer stays near that of two commits.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import Error as DatabaseError
from django.db import connection, transaction

from wegmarke.capture.inbox import InboxBatch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

logger = logging.getLogger(__name__)

MOST_TOGETHER: Final = 512
BYTES_TOGETHER: Final = 16 * 1024**2
MOST_WAITING_BYTES: Final = 64 * 1024**2
"""What may wait in memory for its commit; more is answered with 429 at once, so memory has a bound."""


class OverloadedError(RuntimeError):
    """Too much is waiting for its commit; the sender has to come again."""


class UnavailableError(RuntimeError):
    """The database cannot be written to now: gone, locked, or its disk is full."""


@dataclass(slots=True)
class _Waiting:
    row: InboxBatch
    size: int
    loop: asyncio.AbstractEventLoop
    kept: asyncio.Future[None]


class Committer:
    """Takes rows from any number of coroutines and commits them together."""

    def __init__(self, write: Callable[[Sequence[InboxBatch]], None] | None = None) -> None:
        """Start with nothing waiting; `write` commits rows, all or none."""
        self._write = write or write_rows
        self._queue: deque[_Waiting] = deque()
        self._bytes = 0
        self._more = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    async def keep(self, row: InboxBatch, size: int) -> None:
        """Return once the row is committed. Raises `OverloadedError`, `UnavailableError`."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(row, size, loop, loop.create_future())
        with self._more:
            if self._bytes + size > MOST_WAITING_BYTES and self._queue:
                raise OverloadedError
            self._queue.append(waiting)
            self._bytes += size
            self._start()
            self._more.notify()
        await waiting.kept

    def close(self) -> None:
        """Commit what waits, then end the thread."""
        with self._more:
            self._closed = True
            self._more.notify()
        if self._thread:
            self._thread.join()

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            while together := self._gather():
                self._commit(together)
        finally:
            connection.close()

    def _gather(self) -> list[_Waiting]:
        with self._more:
            while not self._queue and not self._closed:
                self._more.wait()
            together: list[_Waiting] = []
            size = 0
            while self._queue and len(together) < MOST_TOGETHER and size < BYTES_TOGETHER:
                together.append(self._queue.popleft())
                size += together[-1].size
            return together

    def _commit(self, together: list[_Waiting]) -> None:
        failure: UnavailableError | None = None
        try:
            self._write([waiting.row for waiting in together])
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was kept and nobody may think so
            logger.warning("The inbox cannot be written to: %s", error)
            failure = UnavailableError(str(error))
            connection.close()  # a connection that failed is not trusted again
        with self._more:
            self._bytes -= sum(waiting.size for waiting in together)
        by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
        for waiting in together:
            by_loop.setdefault(waiting.loop, []).append(waiting)
        for loop, mine in by_loop.items():
            with contextlib.suppress(RuntimeError):  # the server is stopping; what was kept is kept
                loop.call_soon_threadsafe(_answer, mine, failure)


def write_rows(rows: Sequence[InboxBatch]) -> None:
    """Commit rows of the inbox in one transaction; raises what the database raises."""
    try:
        with transaction.atomic(durable=True):
            InboxBatch.objects.bulk_create(rows)
    except DatabaseError:
        connection.close()
        raise


def _answer(waiting: Sequence[_Waiting], failure: UnavailableError | None) -> None:
    """Wake the coroutines; those whose client has gone are cancelled already."""
    for one in waiting:
        if one.kept.done():
            continue
        if failure:
            one.kept.set_exception(failure)
        else:
            one.kept.set_result(None)
