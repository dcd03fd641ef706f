"""What can be done to promises besides `plan.services`: saying which touchpoints have to keep them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wegmarke.plan import services as planning

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wegmarke.plan.contracts import PlanVersion, Touchpoint
    from wegmarke.team.models import User


def assign(
    changes: Mapping[str, tuple[frozenset[str], frozenset[str]]],
    *,
    by: User | None,
    now: datetime,
    comment: str = "",
) -> PlanVersion:
    """Add promises to touchpoints and take others away, all in one version.

    Raises `UnknownPartError`, `PlanError` (a promise that is gone) and `NotAllowedError`.
    """

    def change(one: Touchpoint) -> Touchpoint:
        added, removed = changes[one.key]
        kept = [promise for promise in one.promises if promise not in removed]
        return replace(one, promises=tuple(dict.fromkeys((*kept, *sorted(added)))))

    return planning.change_touchpoints(changes.keys(), change, by=by, now=now, comment=comment)
