"""Count visitors of sources that chose so: a digest of salt, address and browser goes into the day's sketch.

Address and browser are used for that one digest and dropped; the digest sets one register and is dropped. The
salt is made anew each day for each source. It stands in the database for its day only, so that a restart or
a second process counts nobody twice, and in memory until the next write, ten seconds at most.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from django.db import Error as DatabaseError
from django.db import connection, transaction

from wegmarke.capture.visitors import sketch
from wegmarke.capture.visitors.models import VisitorDay

if TYPE_CHECKING:
    from datetime import date

logger = logging.getLogger(__name__)

WRITE_SECONDS: Final = 10.0


@dataclass(slots=True)
class _Open:
    salt: bytes
    registers: bytearray


@dataclass(slots=True)
class Visitors:
    """The days under way in this process."""

    wait: float = WRITE_SECONDS
    _open: dict[tuple[int, date], _Open] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writing: asyncio.Task[None] | None = None

    async def seen(self, source: int, day: date, *, address: str, browser: str) -> None:
        """Count a visitor. An estimate is no promise: where the database fails, nobody is counted."""
        one = self._open.get((source, day))
        if one is None:
            async with self._opening:
                one = self._open.get((source, day)) or await self._begin(source, day)
        if one is not None:
            who = f"{source}\0{address}\0{browser}".encode(errors="surrogatepass")
            digest = blake2b(who, digest_size=8, key=one.salt).digest()
            sketch.add(one.registers, int.from_bytes(digest, "big"))

    async def _begin(self, source: int, day: date) -> _Open | None:
        salt = await asyncio.to_thread(_salt, source, day)
        if salt is None:
            return None
        one = self._open[source, day] = _Open(salt, sketch.empty())
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_later())
        return one

    async def _write_later(self) -> None:
        await asyncio.sleep(self.wait)
        await self.write()

    async def write(self) -> None:
        """Write down what was counted and forget it, salts included."""
        counted, self._open = self._open, {}
        if counted:
            await asyncio.to_thread(_write, counted)


def _salt(source: int, day: date) -> bytes | None:
    """Return the salt of a day, made where there is none yet; None once the day is closed."""
    try:
        rows = VisitorDay.objects.filter(source=source, day=day)
        if not rows.exists():
            begun = VisitorDay(
                source_id=source, day=day, salt=secrets.token_bytes(32), sketch=bytes(sketch.empty())
            )
            VisitorDay.objects.bulk_create([begun], ignore_conflicts=True)
        salt = rows.values_list("salt", flat=True).first()
        return bytes(salt) if salt else None
    except DatabaseError as error:
        logger.warning("Visitors cannot be counted: %s", error)
        return None
    finally:
        connection.close()  # the thread is one of many, and none shall hold a connection


def _write(counted: dict[tuple[int, date], _Open]) -> None:
    try:
        with transaction.atomic():
            for (source, day), one in sorted(counted.items(), key=lambda item: item[0]):
                _add(source, day, one.registers)
    except DatabaseError as error:
        logger.warning("Visitors of ten seconds could not be counted: %s", error)
    finally:
        connection.close()


def _add(source: int, day: date, registers: bytearray) -> None:
    """Add to a day that is still open; to a closed one nothing is added."""
    rows = VisitorDay.objects.filter(source=source, day=day, sketch__isnull=False)
    row = rows.select_for_update().first()
    if row is not None:
        both = sketch.together(bytes(row.sketch or b""), registers)
        rows.update(sketch=bytes(both), visitors=round(sketch.estimate(both)))
