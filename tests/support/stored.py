"""An analysis stored as the worker would, for the pages that show the plan beside the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from wegmarke.insights import storing
from wegmarke.insights.models import Refresh, StoredInsight
from wegmarke.plan import services as plans

if TYPE_CHECKING:
    from wegmarke.insights.contracts import Analysis


def store(found: Analysis) -> Refresh:
    """Save the plan of an analysis and store its figures."""
    now = timezone.now()
    version = plans.save(found.plan, by=None, now=now)
    run = Refresh.objects.create(
        shape=storing.shape(),
        log_change=Refresh.objects.count() + 1,
        plan_version=version.basis,
        noticed_at=now,
        due_at=now,
        done_at=now,
    )
    StoredInsight.objects.bulk_create(
        StoredInsight(
            refresh=run, kind=kind, key=key, parameters=parameters, payload=payload, computed_at=now
        )
        for kind, key, parameters, payload in storing.rows_of(found)
    )
    return run
