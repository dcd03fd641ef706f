"""What can be done with evidence: note, change, erase. Editors may with all, owners with their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wegmarke.plan import queries as plans
from wegmarke.plan import rights
from wegmarke.plan.evidence import queries, rules
from wegmarke.plan.findings import PlanError
from wegmarke.plan.models import Evidence as Row
from wegmarke.plan.models import EvidenceTouchpoint
from wegmarke.team.contracts import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from wegmarke.plan.contracts import Plan
    from wegmarke.plan.evidence.contracts import Evidence, Statement
    from wegmarke.team.models import User


class EvidenceChangedError(RuntimeError):
    """Somebody changed this evidence in the meantime; nothing was saved. `theirs` is how it stands now."""

    def __init__(self, theirs: Evidence) -> None:
        """Keep what the person needs to decide."""
        self.theirs = theirs
        super().__init__(f"evidence {theirs.id} is at revision {theirs.revision}")


@transaction.atomic
def note(statement: Statement, *, by: User | None, now: datetime) -> Evidence:
    """Keep new evidence. Raises `PlanError` for a statement that cannot be kept, `NotAllowedError`."""
    plan = _plan()
    _require(by, plan, statement.touchpoints)
    _check(statement, plan, now)
    row = Row(noted_at=now, noted_by=by)
    _write(row, statement, by=by, now=now)
    return queries.evidence(row.pk)


@transaction.atomic
def change(number: int, statement: Statement, *, based_on: int, by: User | None, now: datetime) -> Evidence:
    """Change evidence that was read at the revision `based_on`.

    Raises `NoSuchEvidenceError`, `EvidenceChangedError`, `PlanError`, `NotAllowedError`.
    """
    row = _locked(number)
    before = queries.contract_of(row)
    plan = _plan()
    _require(by, plan, before.statement.touchpoints)
    if before.statement.touchpoints != statement.touchpoints:
        _require(by, plan, statement.touchpoints)
    if row.revision != based_on:
        raise EvidenceChangedError(before)
    _check(statement, plan, now, kept=before.statement.touchpoints)
    if before.statement == statement:
        return before
    row.revision += 1
    _write(row, statement, by=by, now=now)
    return queries.evidence(row.pk)


@transaction.atomic
def erase(number: int, *, by: User | None) -> None:
    """Erase evidence for good: it may hold personal data, so nothing of it stays.

    Raises `NoSuchEvidenceError`, `NotAllowedError`.
    """
    row = _locked(number)
    _require(by, _plan(), queries.contract_of(row).statement.touchpoints)
    row.delete()


def may_edit(by: User | None, plan: Plan | None, touchpoints: Collection[str]) -> bool:
    """Say whether an account may keep evidence about these touchpoints: all of them must be its own."""
    if rights.may_edit_plan(by):
        return True
    known = [] if plan is None else [plan.touchpoint(key) for key in touchpoints]
    return bool(known) and all(one is not None and rights.may_edit_touchpoint(by, one) for one in known)


def _require(by: User | None, plan: Plan | None, touchpoints: Collection[str]) -> None:
    if not may_edit(by, plan, touchpoints):
        raise NotAllowedError(_("Only editors and the owners of its touchpoints may change this evidence."))


def _plan() -> Plan | None:
    saved = plans.current()
    return None if saved is None else saved.plan


def _locked(number: int) -> Row:
    row = Row.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        msg = f"there is no evidence {number}"
        raise queries.NoSuchEvidenceError(msg)
    return row


def _check(statement: Statement, plan: Plan | None, now: datetime, kept: Collection[str] = ()) -> None:
    known = {one.key for one in plan.touchpoints} if plan else set()
    today = timezone.localdate(now)
    if wrong := rules.findings_of(statement, known=known | set(kept), today=today):
        raise PlanError(wrong)


def _write(row: Row, statement: Statement, *, by: User | None, now: datetime) -> None:
    row.kind, row.grade = statement.kind.value, statement.grade.value
    row.text, row.source, row.link, row.day = statement.text, statement.source, statement.link, statement.day
    row.changed_at, row.changed_by = now, by
    row.save()
    row.touchpoints.all().delete()
    EvidenceTouchpoint.objects.bulk_create(
        EvidenceTouchpoint(evidence=row, key=key) for key in dict.fromkeys(statement.touchpoints)
    )
