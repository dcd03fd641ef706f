"""What pages ask about saved mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from wegmarke.capture.contracts import Status
from wegmarke.capture.files.mapping import ColumnMapping
from wegmarke.capture.mappings.contracts import NoSuchMappingError, Saved
from wegmarke.capture.models import Import, SavedMapping
from wegmarke.capture.queries import state_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wegmarke.capture.contracts import ImportState

BEGUN = [Status.WAITING, Status.READING, Status.DONE, Status.FAILED]


def saved_mappings() -> tuple[Saved, ...]:
    """Return all saved mappings by name."""
    return _shown(SavedMapping.objects.all())


def saved_mapping(number: int) -> Saved:
    """Return one saved mapping. Raises `NoSuchMappingError`."""
    found = _shown(SavedMapping.objects.filter(pk=number))
    if not found:
        raise NoSuchMappingError(number)
    return found[0]


def runs(number: int, *, limit: int = 50) -> tuple[ImportState, ...]:
    """Return the imports made with a mapping that were started, the newest first."""
    rows = Import.objects.select_related("created_by", "saved").filter(saved=number, status__in=BEGUN)
    return tuple(state_of(row) for row in rows.order_by("-created_at")[:limit])


def _shown(rows: QuerySet[SavedMapping]) -> tuple[Saved, ...]:
    counted = rows.select_related("created_by").annotate(n=Count("runs", filter=Q(runs__status__in=BEGUN)))
    return tuple(
        Saved(
            id=row.pk,
            name=row.name,
            mapping=ColumnMapping.from_dict(row.mapping),
            columns=tuple(row.columns),
            created_at=row.created_at,
            created_by=row.created_by.get_username() if row.created_by else "",
            used_at=row.used_at,
            runs=row.n,
        )
        for row in counted.order_by("name")
    )
