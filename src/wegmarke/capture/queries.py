"""What pages ask about imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.capture import storage
from wegmarke.capture.contracts import ImportState, Problem, Status
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.models import Import
from wegmarke.team.contracts import PERSONS, require_role

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from django.db.models import QuerySet

    from wegmarke.team.models import User

MAX_ERROR = 300


class NoSuchImportError(LookupError):
    """An import that was never uploaded, or that was removed."""


def state(import_id: UUID) -> ImportState:
    """Return one import; raises `NoSuchImportError`."""
    row = Import.objects.select_related("created_by", "saved").filter(pk=import_id).first()
    if row is None:
        raise NoSuchImportError(str(import_id))
    return state_of(row)


def recent(*, limit: int = 50) -> tuple[ImportState, ...]:
    """Return the imports, newest first."""
    return tuple(state_of(row) for row in Import.objects.select_related("created_by", "saved")[:limit])


def same_content(import_id: UUID) -> ImportState | None:
    """Return the newest other import of the very same bytes whose events are in the log or on their way."""
    this = state(import_id)
    row = twins(this.sha256, this.id).select_related("created_by", "saved").first()
    return None if row is None else state_of(row)


def doubled(import_id: UUID) -> ImportState | None:
    """Return the newest other import of the same bytes whose rows this one would not recognise."""
    row = Import.objects.get(pk=import_id)
    other = twins(row.sha256, row.pk).exclude(namespace=row.namespace or "?").first()
    return None if other is None else state_of(other)


def mapping(import_id: UUID) -> ColumnMapping | None:
    """Return which column is what, or None while nobody has said."""
    saved = Import.objects.values_list("mapping", flat=True).get(pk=import_id)
    return ColumnMapping.from_dict(saved) if saved else None


def twins(sha256: str, import_id: UUID) -> QuerySet[Import]:
    """Return the other imports of these bytes that have put events into the log or are about to."""
    others = Import.objects.filter(sha256=sha256).exclude(pk=import_id)
    begun = others.filter(status__in=[Status.WAITING, Status.READING, Status.DONE])
    return (begun | others.filter(status=Status.FAILED, written__gt=0)).order_by("-created_at")


def rejected_file(import_id: UUID, *, by: User | None) -> Path | None:
    """Return the file of rejected rows, or None where there is none.

    They hold everything the uploaded file held, so that they need the role of an editor, as importing
    does, or of a data protection officer; else `NotAllowedError`.
    """
    require_role(by, *PERSONS)
    path = storage.rejected_file(state(import_id).id)
    return path if path.is_file() else None


def state_of(row: Import) -> ImportState:
    """Return a row as pages show it."""
    return ImportState(
        id=row.pk,
        file_name=row.file_name,
        suffix=row.suffix,
        size=row.size,
        sha256=row.sha256,
        status=Status(row.status),
        created_at=row.created_at,
        created_by=row.created_by.get_username() if row.created_by else "",
        rows=row.rows,
        accepted=row.accepted,
        rejected=row.rejected,
        written=row.written,
        chunks_done=row.chunks_done,
        read_share=row.read_share,
        problem=Problem(**row.problem) if row.problem else None,
        started_at=row.started_at,
        finished_at=row.finished_at,
        due_at=row.due_at,
        error=row.last_error.strip().rpartition("\n")[2][:MAX_ERROR],
        has_file=row.file_kept,
        known=row.known,
        changed=row.changed,
        namespace=row.namespace,
        saved=row.saved_id,
        saved_name=row.saved.name if row.saved else "",
        rejected_kept=row.rejected > 0 and storage.rejected_file(row.pk).is_file(),
    )
