"""Where an import keeps its files: DATA_DIR/imports/<id>/, with names made here."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

_REJECTED = "rejected.csv"


def root() -> Path:
    """Return the folder of all imports."""
    return Path(settings.DATA_DIR) / "imports"


def incoming() -> Path:
    """Return the folder uploads are received in; whatever lies there longer than a request was cut off."""
    return root() / "incoming"


def folder(import_id: UUID) -> Path:
    """Return the folder of one import."""
    return root() / str(import_id)


def raw_file(import_id: UUID, suffix: str) -> Path:
    """Return the address of the uploaded file."""
    return folder(import_id) / f"upload{suffix}"


def rejected_file(import_id: UUID) -> Path:
    """Return the address of the rows that could not be read."""
    return folder(import_id) / _REJECTED


def look_file(import_id: UUID) -> Path:
    """Return the address of the first look at the file."""
    return folder(import_id) / "look.json"


def names_file(import_id: UUID) -> Path:
    """Return the address of the event names found in the file."""
    return folder(import_id) / "names.json"


def kept_folders(*, before: float) -> list[UUID]:
    """Return the imports that have more than their rejected rows here, untouched since this moment."""
    if not root().is_dir():
        return []
    folders = [(path, _import_of(path)) for path in root().iterdir() if path.is_dir()]
    return [
        import_id
        for path, import_id in folders
        if import_id is not None
        and path.stat().st_mtime < before
        and any(file.name != rejected_file(import_id).name for file in path.iterdir())
    ]


def with_rejected() -> list[UUID]:
    """Return the imports of which rejected rows are kept."""
    found = (_import_of(path.parent) for path in root().glob(f"*/{_REJECTED}"))
    return [import_id for import_id in found if import_id is not None]


def remove_rejected(import_id: UUID) -> None:
    """Remove the rejected rows of one import, and its folder where nothing else lies there."""
    rejected_file(import_id).unlink(missing_ok=True)
    if folder(import_id).is_dir() and not any(folder(import_id).iterdir()):
        folder(import_id).rmdir()


def mark_tidied(now: float, *, unless_since: float) -> bool:
    """Note that things are tidied now (Unix seconds), unless they were since; say whether it was noted."""
    mark = root() / ".tidied"
    if not root().is_dir() or (mark.exists() and mark.stat().st_mtime > unless_since):
        return False
    mark.touch()
    os.utime(mark, (now, now))
    return True


def _import_of(path: Path) -> UUID | None:
    """Read the import a folder is of; None for whatever else lies here, put there by a person or a system."""
    try:
        return UUID(path.name)
    except ValueError:
        return None


def remove_contents(import_id: UUID) -> None:
    """Remove the uploaded file and what was made of it, but for the rejected rows."""
    kept = rejected_file(import_id)
    if folder(import_id).is_dir():
        for path in folder(import_id).iterdir():
            if path != kept:
                path.unlink(missing_ok=True)
        if not kept.exists():
            folder(import_id).rmdir()


def remove(import_id: UUID) -> None:
    """Remove everything of one import."""
    shutil.rmtree(folder(import_id), ignore_errors=True)


def sweep_incoming(*, before: float) -> None:
    """Remove what cut-off uploads left before this moment (Unix seconds)."""
    if not incoming().is_dir():
        return
    for path in incoming().iterdir():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
