"""Receiving a large file: straight to the data folder, counted and hashed, stopped at the limit."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from typing import TYPE_CHECKING, Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest

FORM_BYTES = 64 * 1024  # what the fields around the file may take in a request


class ReceivedFile(UploadedFile):  # type: ignore[type-arg] # generic in the stubs only
    """An upload that already lies in the data folder; what nobody keeps goes with the request."""

    def __init__(self, *, path: Path, name: str, size: int, sha256: str) -> None:
        """Describe the file at `path`; `name` is what the sender calls it."""
        super().__init__(file=None, name=name, content_type=None, size=size)
        self.path = path
        self.sha256 = sha256

    def keep(self, target: Path) -> None:
        """Move the file to `target`, on disk for good when this returns."""
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.replace(target)

    def close(self) -> None:
        """Remove what nobody kept; Django calls this at the end of the request."""
        self.path.unlink(missing_ok=True)


class ImportUploadHandler(FileUploadHandler):
    """Write the first file of the form to `folder`; refuse to go on past `limit` bytes.

    The address of the file is made here, so nothing in the sender's file name can reach the file system.
    """

    def __init__(self, request: HttpRequest, *, folder: Path, limit: int) -> None:
        """Receive into `folder`, at most `limit` bytes."""
        super().__init__(request)
        self.folder = folder
        self.limit = limit
        self.too_large = False
        self.failed: OSError | None = None
        self._path: Path | None = None
        self._files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the place for the next file; a form has one, so a second is not taken."""
        super().new_file(*args, **kwargs)
        self._files += 1
        if self._files > 1:
            raise StopUpload(connection_reset=False)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.folder)
        self._path = self.folder / name
        self._out = os.fdopen(descriptor, "wb")
        self._hash = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write and hash one chunk."""
        if start + len(raw_data) > self.limit:
            self.too_large = True
            self._stop()
        try:
            self._out.write(raw_data)
        except OSError as error:
            self.failed = error
            self._stop()
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> ReceivedFile | None:
        """Hand over the file."""
        if self._path is None:
            return None
        self._out.close()
        received = ReceivedFile(
            path=self._path, name=self.file_name or "", size=file_size, sha256=self._hash.hexdigest()
        )
        self._path = None
        return received

    def upload_interrupted(self) -> None:
        """Leave nothing behind when the sender went away."""
        self.discard()

    def discard(self) -> None:
        """Remove a half-received file, if there is one."""
        if self._path is not None:
            with contextlib.suppress(OSError):  # closing flushes, and a full disk refuses that again
                self._out.close()
            self._path.unlink(missing_ok=True)
            self._path = None

    def _stop(self) -> NoReturn:
        self.discard()
        raise StopUpload(connection_reset=False)
