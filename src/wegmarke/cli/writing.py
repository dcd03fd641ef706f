"""Files are written whole or not at all: under another name first, renamed when all of them are done."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from wegmarke.cli.complaints import RequestError
from wegmarke.cli.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Writer = Callable[[TextIO], None]


def write_all(targets: Mapping[Path, Writer]) -> None:
    """Write these files; where one of them fails, or somebody interrupts, none is left behind half-written.

    Folders are made where they are missing, and taken away again where they were made in vain. Raises
    `RequestError` where the disk refuses.
    """
    made: list[Path] = []
    drafts: dict[Path, Path] = {}
    try:
        for target, write in targets.items():
            made += _folders(target.parent)
            drafts[target] = _draft(target, write)
        for target, draft in drafts.items():
            draft.replace(target)
    except OSError as error:
        _take_back(drafts, made)
        where = error.filename or next(iter(targets))
        message = _("%(file)s cannot be written (%(why)s).") % {"file": where, "why": error.strerror}
        raise RequestError(message) from None
    except BaseException:
        _take_back(drafts, made)
        raise


def _folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the ones that were made, innermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    for one in reversed(missing):
        one.mkdir()
    return missing


def _draft(target: Path, write: Writer) -> Path:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o666 & ~_umask())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _take_back(drafts: Mapping[Path, Path], made: list[Path]) -> None:
    for draft in drafts.values():
        draft.unlink(missing_ok=True)
    for folder in made:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
