"""A place on disk for an archive while it is made: without a name, and sealed with a key nobody keeps.

An archive of somebody with many events does not fit into memory, and must not lie on our disk. What is
written here is gone with the process, and what a disk may keep of it nobody can read.
"""

from __future__ import annotations

import secrets
import tempfile
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

if TYPE_CHECKING:
    from pathlib import Path

BLOCK: Final = 16


class SealedSpool:
    """Bytes that are written once from beginning to end, and then read once."""

    def __init__(self, folder: Path) -> None:
        """Open a file without a name in a folder."""
        self.size = 0
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        cipher = Cipher(AES256(secrets.token_bytes(32)), CTR(secrets.token_bytes(BLOCK)))
        self._seal = cipher.encryptor()
        self._open = cipher.decryptor()

    def write(self, data: bytes) -> int:
        """Take bytes."""
        written = len(data)
        self.size += written
        self._file.write(self._seal.update(data))
        return written

    def flush(self) -> None:
        """Do nothing: nobody else reads the file."""

    def rewind(self) -> None:
        """Begin to read."""
        self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        return self._open.update(self._file.read(size))

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
