"""Opens files of any kind, unpacked where they are packed, and refuses those that unpack without end."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, TYPE_CHECKING, BinaryIO, Self

from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

MOST_UNPACKED = 8 * 1024**3
FREE_UNPACKED = 256 * 1024**2
MOST_RATIO = 150
"""Real logs shrink to a thirtieth; gzip can reach a thousandth, which only a trap does."""


def open_binary(path: Path, file: str) -> BinaryIO:
    """Open a file for reading; `FileError` where that cannot be done."""
    try:
        if path.is_dir():
            raise FileError(file, _("this is a folder, not a file."))
        return path.open("rb")
    except FileNotFoundError:
        raise FileError(file, _("there is no such file.")) from None
    except OSError as error:
        raise FileError(file, _("the file cannot be opened (%(why)s).") % {"why": error.strerror}) from None


class Unpacking:
    """Reads a file, gzipped or not, block by block, and says how far it is."""

    def __init__(self, path: Path, file: str) -> None:
        """Open the file; look at its first bytes to see whether it is packed."""
        self.file = file
        self.size = max(1, path.stat().st_size) if path.exists() else 1
        self._raw = open_binary(path, file)
        self.packed = self._raw.read(2) == b"\x1f\x8b"
        self._raw.seek(0)
        self._stream: IO[bytes] | gzip.GzipFile = (
            gzip.GzipFile(fileobj=self._raw) if self.packed else self._raw
        )
        self._unpacked = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_unused: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        self._raw.close()

    @property
    def share(self) -> float:
        """Return how much of the file was read, 0 to 1."""
        return min(1.0, self._raw.tell() / self.size)

    def read(self, size: int) -> bytes:
        """Return the next bytes; nothing at the end."""
        try:
            block = self._stream.read(size)
        except (zlib.error, EOFError, gzip.BadGzipFile):
            raise FileError(self.file, _("the packed file is damaged or cut off.")) from None
        if self.packed:
            self._unpacked += len(block)
            self._check()
        return block

    def _check(self) -> None:
        too_much = self._unpacked > MOST_UNPACKED
        # measured against what was read so far, so that a trap is not first unpacked up to its limit
        too_dense = self._unpacked > FREE_UNPACKED and self._unpacked > MOST_RATIO * self._raw.tell()
        if too_much or too_dense:
            message = _(
                "the file unpacks to %(size)s MB and more, which no log of events does; it is refused."
            )
            raise FileError(self.file, message % {"size": self._unpacked // 1024**2})
