"""What the audit reads: the ground it stands on, and what was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas import verdicts
from wegmarke.atlas.audit.contracts import Accepted, Ground, Limits
from wegmarke.atlas.audit.handovers import all_hand_overs
from wegmarke.atlas.models import AcceptedFinding
from wegmarke.team.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Plan


def ground(at: Here, limits: Limits | None = None) -> Ground:
    """Return what an audit looks at: plan, figures, verdicts, and the names of accounts and departments."""
    limits = limits or Limits()
    analysis = None if at.stored is None else at.stored.analysis
    accounts, departments = names(at.plan)
    return Ground(
        plan=at.plan,
        analysis=analysis,
        judgements={}
        if analysis is None
        else verdicts.judged(analysis, at.plan, often_bad=limits.often_bad, silent_days=limits.silent_days),
        accounts=accounts,
        departments=departments,
        limits=limits,
        hand_overs=() if analysis is None else all_hand_overs(at.plan, analysis, limits.cross_share),
    )


def names(plan: Plan) -> tuple[frozenset[str], frozenset[str]]:
    """Return the accounts and the departments there are, as they are compared with owners."""
    people = User.objects.filter(is_active=True).values_list("username", "department")
    accounts, departments = set(), {one.department for one in plan.touchpoints if one.department}
    for name, department in people:
        accounts.add(name.casefold())
        departments.add(department)
    return frozenset(accounts), frozenset(one.strip().casefold() for one in departments if one.strip())


def accepted(today: date) -> Mapping[str, Accepted]:
    """Return what was accepted until today or longer, by the finding's key."""
    rows = AcceptedFinding.objects.filter(until__gte=today).select_related("accepted_by")
    return {
        row.finding: Accepted(
            finding=row.finding,
            reason=row.reason,
            until=row.until,
            by=None if row.accepted_by is None else row.accepted_by.get_username(),
        )
        for row in rows
    }
