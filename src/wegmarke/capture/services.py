"""What can be done to an import, one verb a function. `now` is an argument, and each is one transaction.

`by` needs the role of an editor, else `NotAllowedError`; None is the system itself.
"""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wegmarke.capture import meaning, queries, rules, sampling, storage
from wegmarke.capture.contracts import Status
from wegmarke.capture.files.errors import FileError
from wegmarke.capture.mappings import identifying
from wegmarke.capture.models import Import, SavedMapping
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from wegmarke.capture.contracts import ImportState, Meaning
    from wegmarke.capture.files.mapping import ColumnMapping
    from wegmarke.capture.uploading import ReceivedFile
    from wegmarke.team.models import User

CHUNK_ROWS = 500_000
CUT_OFF = timedelta(days=1)  # an upload that lies in `incoming` longer than this belongs to no request
KEPT_REJECTED = timedelta(days=30)
"""So long after the end of an import its rejected rows can be fetched and mended."""
TIDY_EVERY = timedelta(hours=1)
FORGOTTEN = timedelta(days=7)  # so long a file waits for its columns before it is removed


class WrongMomentError(RuntimeError):
    """The import is no longer (or not yet) in a state in which this can be done; nothing was changed."""


class SameFileError(RuntimeError):
    """The same bytes were imported before; `earlier` says when and by whom."""

    def __init__(self, earlier: ImportState) -> None:
        """Keep the earlier import."""
        super().__init__(str(earlier.id))
        self.earlier = earlier


def begin_import(*, received: ReceivedFile, by: User | None, now: datetime, language: str) -> ImportState:
    """Keep an uploaded file and look into it; an unreadable one raises `FileError` and is not kept."""
    require_role(by, Role.EDITOR)
    tidy(now=now)
    name = rules.shown_name(received.name or "")
    suffix = rules.suffix_of(name)
    if suffix is None:
        raise FileError(name, _("This kind of file cannot be read. Use CSV, Parquet, XLSX, XES or XES.GZ."))
    if not received.size:
        raise FileError(name, _("The file is empty."))
    import_id = uuid.uuid4()
    try:
        received.keep(storage.raw_file(import_id, suffix))
        look = sampling.look_into(storage.raw_file(import_id, suffix), shown_as=name)
        sampling.keep(import_id, look)
        row = Import.objects.create(
            id=import_id,
            created_at=now,
            created_by=by,
            due_at=now,
            file_name=name,
            suffix=suffix,
            size=received.size,
            sha256=received.sha256,
            language=language,
        )
    except BaseException:
        storage.remove(import_id)
        raise
    return queries.state_of(row)


def save_mapping(
    *, import_id: UUID, mapping: ColumnMapping, by: User | None, columns: Sequence[str] = ()
) -> None:
    """Remember which column is what, of all `columns` the file has.

    Raises `WrongMomentError` once the import has begun.
    """
    require_role(by, Role.EDITOR)
    row = Import.objects.select_related("saved").get(pk=import_id)
    if row.saved:
        mapping = replace(mapping, told_apart_by=row.saved.told_apart_by)
    drafts = Import.objects.filter(pk=import_id, status=Status.DRAFT)
    namespace = row.saved.namespace if row.saved else identifying.namespace_of(mapping, columns)
    if not drafts.update(mapping=mapping.as_dict(), namespace=namespace):
        raise WrongMomentError(str(import_id))


@transaction.atomic
def start(  # noqa: PLR0913 - everything the last page asks, by keyword
    *,
    import_id: UUID,
    by: User | None,
    now: datetime,
    language: str,
    change: Meaning | None,
    add_attributes: bool = True,
    again: bool = False,
) -> None:
    """Hand the import to the worker, and save the plan that says what its events mean.

    `change` is None where leaving and moving on stay as they are; `add_attributes` lets an existing plan look
    at the attributes of the file as well (a first plan always does). Raises `SameFileError` unless `again`
    where the same file was imported in a way in which its rows are not recognised and would count twice.
    Starting twice starts once: the second raises `WrongMomentError`.
    """
    require_role(by, Role.EDITOR)
    row = _locked(import_id)
    if row.status != Status.DRAFT or not row.mapping:
        raise WrongMomentError(str(import_id))
    earlier = queries.doubled(row.pk)
    if earlier is not None and not again:
        raise SameFileError(earlier)
    if row.saved_id is not None:
        SavedMapping.objects.filter(pk=row.saved_id).update(used_at=now)
    attributes = (
        tuple(row.mapping["attributes"]) if add_attributes or meaning.current_meaning() is None else ()
    )
    meaning.save_plan(change, attributes=attributes, by=by, now=now)
    row.status = Status.WAITING
    row.language = language
    row.due_at = row.started_at = now
    row.chunk_rows = CHUNK_ROWS
    row.save()


def _locked(import_id: UUID) -> Import:
    """Lock an import with all others of the same bytes, so that of two started at once one sees the other.

    In the order of their keys, so that two who lock them do not wait for each other for ever.
    """
    same = Import.objects.filter(sha256__in=Import.objects.filter(pk=import_id).values("sha256"))
    found = {row.pk: row for row in same.order_by("pk").select_for_update()}
    if import_id not in found:
        raise Import.DoesNotExist
    return found[import_id]


def cancel(*, import_id: UUID, by: User | None, now: datetime) -> None:
    """Call an import off and remove its file; raises `WrongMomentError` once the worker has taken it up."""
    require_role(by, Role.EDITOR)
    open_rows = Import.objects.filter(pk=import_id, status__in=rules.CANCELLABLE)
    if not open_rows.update(status=Status.CANCELLED, finished_at=now, file_kept=False):
        raise WrongMomentError(str(import_id))
    storage.remove(import_id)


def map_again(*, import_id: UUID, by: User | None) -> None:
    """Send a failed import of which nothing stands in the log back to the naming of its columns."""
    require_role(by, Role.EDITOR)
    failed = Import.objects.filter(pk=import_id, status=Status.FAILED, chunks_done=0, file_kept=True)
    if not failed.update(status=Status.DRAFT, **_FRESH):
        raise WrongMomentError(str(import_id))
    storage.rejected_file(import_id).unlink(missing_ok=True)


def retry(*, import_id: UUID, by: User | None, now: datetime) -> None:
    """Let the worker take up a failed import where it stopped, with the same columns.

    Raises `WrongMomentError` where the file itself was at fault: it would fail in the same way.
    """
    require_role(by, Role.EDITOR)
    failed = Import.objects.filter(pk=import_id, status=Status.FAILED, file_kept=True, problem__isnull=True)
    if not failed.exclude(mapping={}).update(status=Status.WAITING, due_at=now, **_FRESH):
        raise WrongMomentError(str(import_id))


def tidy_now_and_then(*, now: datetime) -> None:
    """Tidy where that was not done within the hour, so that nothing waits for the next upload to go."""
    if storage.mark_tidied(now.timestamp(), unless_since=(now - TIDY_EVERY).timestamp()):
        tidy(now=now)


def tidy(*, now: datetime) -> None:
    """Remove what nobody needs any more: cut-off uploads, forgotten drafts, files of ended imports."""
    storage.sweep_incoming(before=(now - CUT_OFF).timestamp())
    forgotten = Import.objects.filter(status=Status.DRAFT, created_at__lt=now - FORGOTTEN)
    for import_id in forgotten.values_list("pk", flat=True):
        with contextlib.suppress(WrongMomentError):
            cancel(import_id=import_id, by=None, now=now)
    failed = Import.objects.filter(status=Status.FAILED, finished_at__lt=now - FORGOTTEN, file_kept=True)
    failed.update(file_kept=False)
    for import_id in storage.kept_folders(before=(now - CUT_OFF).timestamp()):
        if not Import.objects.filter(pk=import_id, file_kept=True).exists():
            storage.remove_contents(import_id)  # the process was stopped just before it could
    ended = Import.objects.filter(pk__in=storage.with_rejected(), finished_at__lt=now - KEPT_REJECTED)
    for import_id in ended.values_list("pk", flat=True):
        storage.remove_rejected(import_id)


_FRESH = {
    "attempts": 0,
    "lease_until": None,
    "lease_token": "",
    "last_error": "",
    "dead_at": None,
    "finished_at": None,
    "problem": None,
    "read_share": 0.0,
    "rows": None,
}
