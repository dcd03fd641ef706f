"""Bytes to UTF-8 on the way to the CSV reader, with line and column of the first byte that does not fit."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.capture.files.errors import FileError
from wegmarke.capture.files.opening import Unpacking

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _codec(name: str) -> codecs.CodecInfo:
    """Return an encoding of files of text; `LookupError` for those of other things, such as hex or idna."""
    codec = codecs.lookup(name)
    try:
        "a".encode(name, "replace").decode(name, "replace")
    except (UnicodeError, LookupError):
        raise LookupError(name) from None
    return codec


class Utf8Stream(io.RawIOBase):
    """A file of text as UTF-8 without a byte-order mark.

    The mark decides the encoding; else `encoding` does, else it is UTF-8. Lines and columns are counted while
    reading, so that an error can name its place.
    """

    def __init__(self, path: Path, file: str, encoding: str | None = None) -> None:
        """Open the file and look at its first bytes."""
        super().__init__()
        self.file = file
        self.source = Unpacking(path, file)
        self.line, self.column = 1, 1
        self.quotes = 0
        self._rest = b""
        start = self.source.read(4)
        for mark, name in _BOMS:
            if start.startswith(mark):
                start, encoding = start[len(mark) :], name
                break
        try:
            codec = _codec(encoding or "utf-8")
        except LookupError:
            message = _("there is no encoding named “%(encoding)s”.") % {"encoding": encoding}
            self.close()
            raise FileError(file, message, hint=_("Common ones are utf-8, cp1252 and utf-16.")) from None
        self.encoding = codec.name
        self._decoder = codec.incrementaldecoder("strict")
        self._pending = start
        self._ended = False
        self._old_breaks: bool | None = None  # lines that end with a carriage return alone, as on old Macs

    def close(self) -> None:
        """Close the file as well."""
        self.source.close()
        super().close()

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any buffer will do
        """Fill the buffer; nothing at the end."""
        while not self._rest and not self._ended:
            self._rest = self._next()
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _next(self) -> bytes:
        block = self._pending or self.source.read(_BLOCK)
        self._pending = b""
        self._ended = not block
        held = self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            raise self._wrong(held + block, error.start) from None
        except UnicodeError:  # some of the rarer encodings do not say where
            raise self._wrong(held + block, 0) from None
        if "\0" in text:
            raise self._binary(text)
        if self._old_breaks is None and ("\r" in text[:-1] or "\n" in text):
            self._old_breaks = "\r" in text[:-1] and "\n" not in text
        if self._old_breaks:
            text = text.replace("\r", "\n")
        self._count(text)
        self.quotes += text.count('"')
        return text.encode()

    def _count(self, text: str) -> None:
        breaks = text.count("\n")
        self.line += breaks
        self.column = len(text) - text.rfind("\n") if breaks else self.column + len(text)

    def _wrong(self, data: bytes, start: int) -> FileError:
        self._count(data[:start].decode(self.encoding, "replace"))
        message = _("the byte %(byte)s is not valid in the encoding %(encoding)s.") % {
            "byte": f"0x{data[start]:02X}",
            "encoding": self.encoding,
        }
        hint = _("Many files from Windows are read with --encoding cp1252.")
        return FileError(self.file, message, line=self.line, column=self.column, hint=hint)

    def _binary(self, text: str) -> FileError:
        self._count(text[: text.index("\0")])
        message = _("there is a zero byte, so this is not a text file in the encoding %(encoding)s.") % {
            "encoding": self.encoding
        }
        hint = _("If it comes from Windows, try --encoding utf-16-le.")
        return FileError(self.file, message, line=self.line, column=self.column, hint=hint)
