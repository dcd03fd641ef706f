"""What can be done to the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from wegmarke.plan import documents, queries
from wegmarke.plan.models import SavedPlan

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.plan.contracts import Plan, PlanVersion
    from wegmarke.team.models import User


class PlanChangedError(RuntimeError):
    """Somebody saved another version in the meantime; nothing was saved."""


@transaction.atomic
def save(
    plan: Plan, *, by: User | None, now: datetime, comment: str = "", based_on: int | None = None
) -> PlanVersion:
    """Save a new version and return it; where nothing changed, return the current one instead.

    Raises `PlanError` for a plan that makes no sense, and `PlanChangedError` where the current version is not
    the one the change was `based_on`.
    """
    document = documents.dump(plan)
    newest = SavedPlan.objects.select_for_update().first()
    number = newest.number if newest else 0
    if based_on is not None and based_on != number:
        msg = f"the change was made on version {based_on}, the plan is at version {number}"
        raise PlanChangedError(msg)
    if newest is None or newest.document != document:
        number += 1
        SavedPlan.objects.create(number=number, document=document, saved_at=now, saved_by=by, comment=comment)
    return queries.version(number)
