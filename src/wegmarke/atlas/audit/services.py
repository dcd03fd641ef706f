"""What can be done to findings: accept them for a time, and mend two kinds at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from wegmarke.atlas.audit import queries
from wegmarke.atlas.audit.cards import strangers
from wegmarke.atlas.models import AcceptedFinding
from wegmarke.plan import queries as plans
from wegmarke.plan import rights
from wegmarke.plan import services as planning
from wegmarke.plan.contracts import Status
from wegmarke.plan.rules import FIRST

if TYPE_CHECKING:
    from datetime import date, datetime

    from wegmarke.atlas.audit.contracts import Finding
    from wegmarke.plan.contracts import PlanVersion, Touchpoint
    from wegmarke.team.models import User


@transaction.atomic
def accept(finding: Finding, *, reason: str, until: date, by: User | None, now: datetime) -> None:
    """Leave a finding as it is until a day; whoever may mend it may accept it.

    Raises `NotAllowedError`. A finding accepted before gets the new reason and day.
    """
    _require(finding, by)
    AcceptedFinding.objects.update_or_create(
        finding=finding.key,
        defaults={"reason": reason, "until": until, "accepted_at": now, "accepted_by": by},
    )


@transaction.atomic
def take_back(finding: Finding, *, by: User | None) -> None:
    """Let a finding be found again. Raises `NotAllowedError`."""
    _require(finding, by)
    AcceptedFinding.objects.filter(finding=finding.key).delete()


def _require(finding: Finding, by: User | None) -> None:
    saved = plans.current()
    known = () if saved is None else saved.plan.touchpoints
    concerned = [one for one in known if one.key in finding.touchpoints]
    if concerned and not rights.may_edit_plan(by):
        rights.require_touchpoints(by, concerned)
    else:
        rights.require_plan(by)


def take_over(touchpoint: str, *, by: User, now: datetime, comment: str = "") -> PlanVersion:
    """Make the account itself an owner of a touchpoint, in the place of those nobody knows.

    Raises as `plan.services` does.
    """
    saved = plans.current()
    accounts, departments = queries.names(FIRST if saved is None else saved.plan)
    known = accounts | departments

    def change(one: Touchpoint) -> Touchpoint:
        unknown = strangers(one, known)
        kept = replace(one, owners=tuple(owner for owner in one.owners if owner not in unknown))
        return kept if rights.is_owner(by, kept) else replace(kept, owners=(*kept.owners, by.get_username()))

    return planning.change_touchpoints([touchpoint], change, by=by, now=now, comment=comment)


def retire(touchpoint: str, *, by: User | None, now: datetime, comment: str = "") -> PlanVersion:
    """Take a touchpoint out of what customers are to meet. Raises as `plan.services` does."""
    return planning.change_touchpoints(
        [touchpoint], lambda one: replace(one, status=Status.RETIRED), by=by, now=now, comment=comment
    )
