"""What can be done to saved mappings: for editors, each in one transaction."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wegmarke.capture.contracts import Status
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.mappings import identifying
from wegmarke.capture.mappings.contracts import MappingNameError, NoSuchMappingError
from wegmarke.capture.models import Import, SavedMapping
from wegmarke.capture.services import WrongMomentError
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from wegmarke.team.models import User


@transaction.atomic
def save_as(*, import_id: UUID, name: str, columns: Sequence[str], by: User | None, now: datetime) -> int:
    """Save the mapping of an import not yet started under a name, and return the mapping's number.

    Rows that were imported with the same columns before are recognised from now on, unless another mapping
    with the same columns has that place: files of two systems never share one. Raises `MappingNameError`.
    """
    require_role(by, Role.EDITOR)
    row = _draft(import_id)
    mapping = identifying.settled(ColumnMapping.from_dict(row.mapping), columns)
    namespace = identifying.namespace_of(mapping, columns)
    if SavedMapping.objects.filter(namespace=namespace).exists():
        namespace = f"saved:{uuid.uuid4().hex}"
    try:
        with transaction.atomic():
            saved = SavedMapping.objects.create(
                name=_named(name),
                mapping=mapping.as_dict(),
                columns=list(columns),
                namespace=namespace,
                told_apart=list(mapping.told_apart_by or ()),
                created_at=now,
                created_by=by,
            )
    except IntegrityError as error:
        raise MappingNameError(_("Another saved mapping has this name.")) from error
    _use(row, saved)
    return saved.pk


@transaction.atomic
def apply(*, import_id: UUID, number: int, by: User | None) -> None:
    """Read an import not yet started with a saved mapping. Raises as `_saved`, `_draft`."""
    require_role(by, Role.EDITOR)
    _use(_draft(import_id), _saved(number))


@transaction.atomic
def set_aside(*, import_id: UUID, by: User | None) -> None:
    """Let an import not yet started go without its saved mapping."""
    require_role(by, Role.EDITOR)
    row = _draft(import_id)
    row.saved, row.namespace, row.mapping = None, "", {}
    row.save(update_fields=["saved", "namespace", "mapping"])


@transaction.atomic
def change(*, number: int, mapping: ColumnMapping, columns: Sequence[str], by: User | None) -> None:
    """Change which column is what. What rows are recognised by stays. Raises `NoSuchMappingError`."""
    require_role(by, Role.EDITOR)
    saved = _saved(number)
    whole = replace(identifying.settled(mapping, columns), told_apart_by=saved.told_apart_by)
    saved.mapping, saved.columns = whole.as_dict(), list(columns)
    saved.save(update_fields=["mapping", "columns"])


@transaction.atomic
def rename(*, number: int, name: str, by: User | None) -> None:
    """Give a saved mapping another name. Raises `NoSuchMappingError`, `MappingNameError`."""
    require_role(by, Role.EDITOR)
    saved = _saved(number)
    saved.name = _named(name)
    try:
        with transaction.atomic():
            saved.save(update_fields=["name"])
    except IntegrityError as error:
        raise MappingNameError(_("Another saved mapping has this name.")) from error


@transaction.atomic
def delete(*, number: int, by: User | None) -> None:
    """Delete a saved mapping; what was imported with it stays. Raises `NoSuchMappingError`."""
    require_role(by, Role.EDITOR)
    _saved(number).delete()


def _use(row: Import, saved: SavedMapping) -> None:
    row.saved, row.mapping, row.namespace = saved, saved.mapping, saved.namespace
    row.save(update_fields=["saved", "mapping", "namespace"])


def _draft(import_id: UUID) -> Import:
    row = Import.objects.select_for_update().filter(pk=import_id, status=Status.DRAFT).first()
    if row is None:
        raise WrongMomentError(str(import_id))
    return row


def _saved(number: int) -> SavedMapping:
    row = SavedMapping.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchMappingError(number)
    return row


def _named(name: str) -> str:
    text = " ".join(name.split())
    if not text:
        raise MappingNameError(_("A name is missing."))
    return text
