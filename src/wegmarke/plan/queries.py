"""What the rooms above ask about the plan."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wegmarke.plan import documents
from wegmarke.plan.contracts import PlanVersion
from wegmarke.plan.models import SavedPlan

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wegmarke.plan.contracts import Plan


class NoSuchVersionError(LookupError):
    """A version of the plan that was never saved."""


def current() -> PlanVersion | None:
    """Return the newest version of the plan, or None before the first one."""
    row = _rows().first()
    return None if row is None else _contract(row)


def version(number: int) -> PlanVersion:
    """Return one version; raises `NoSuchVersionError`."""
    row = _rows().filter(number=number).first()
    if row is None:
        msg = f"there is no version {number} of the plan"
        raise NoSuchVersionError(msg)
    return _contract(row)


def history(*, limit: int = 100) -> tuple[PlanVersion, ...]:
    """Return the versions, newest first."""
    return tuple(_contract(row) for row in _rows()[:limit])


def _rows() -> QuerySet[SavedPlan]:
    return SavedPlan.objects.select_related("saved_by")


def _contract(row: SavedPlan) -> PlanVersion:
    return PlanVersion(
        version=row.number,
        plan=_read(row.document),
        saved_at=row.saved_at,
        saved_by=row.saved_by.get_username() if row.saved_by else None,
        comment=row.comment,
    )


@lru_cache(maxsize=16)
def _read(document: str) -> Plan:
    """Read a saved document; kept, because every page asks for the plan and reading takes a while."""
    return documents.load(document, check=False)
