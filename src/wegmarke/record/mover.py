"""One mover at a time.

Two guards, because each covers what the other cannot. A lock on a file keeps processes and threads of one
machine apart and ends with its process, so nobody waits for a lease to run out after `kill -9`. A token in
the database fences: whoever takes the log sets it, and a batch is committed only while its mover's token
stands, so a mover elsewhere, or one whose lock was lost, cannot commit files that recovery has swept away.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wegmarke.record import disk
from wegmarke.record.errors import MoverBusyError, MoverFencedError
from wegmarke.record.models import Mover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.record.layout import LogLayout

WAIT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to change the log."""

    token: str

    def confirm(self) -> None:
        """Check, inside the transaction that commits, that nobody took the log over meanwhile.

        An update rather than a look: it keeps the next mover waiting until this transaction has ended.
        """
        if Mover.objects.filter(pk=1, token=self.token).update(token=self.token) != 1:
            msg = "somebody else took over the log; nothing was committed"
            raise MoverFencedError(msg)


@contextmanager
def hold(layout: LogLayout, *, wait: float = WAIT) -> Iterator[Hold]:
    """Take the log for as long as the block runs; raises `MoverBusyError` after `wait` seconds."""
    with disk.locked(layout.folder / ".mover", wait=wait) as held:
        if not held:
            msg = f"somebody else is still writing to the log after {wait:g} seconds"
            raise MoverBusyError(msg)
        token = secrets.token_hex(16)
        Mover.objects.update_or_create(pk=1, defaults={"token": token})
        yield Hold(token)
