"""What the rooms above ask about evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from wegmarke.plan.evidence.contracts import Evidence, Grade, Kind, Statement, strongest
from wegmarke.plan.models import Evidence as Row
from wegmarke.plan.models import EvidenceTouchpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


class NoSuchEvidenceError(LookupError):
    """Evidence that was never noted, or was erased."""


def evidence(number: int) -> Evidence:
    """Return one piece of evidence; raises `NoSuchEvidenceError`."""
    row = _rows().filter(pk=number).first()
    if row is None:
        msg = f"there is no evidence {number}"
        raise NoSuchEvidenceError(msg)
    return contract_of(row)


def all_evidence(
    *, touchpoint: str = "", grade: Grade | None = None, kind: Kind | None = None, words: str = ""
) -> tuple[Evidence, ...]:
    """Return evidence, newest first: about one touchpoint, of one grade or kind, with these words in it."""
    rows = _rows()
    if touchpoint:
        rows = rows.filter(touchpoints__key=touchpoint)
    if grade is not None:
        rows = rows.filter(grade=grade)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(Q(text__icontains=words) | Q(source__icontains=words))
    return tuple(contract_of(row) for row in rows)


def evidence_by_touchpoint(kind: Kind | None = None) -> Mapping[str, tuple[Evidence, ...]]:
    """Return the evidence (of one kind) about each touchpoint that has some, newest first."""
    found: dict[str, list[Evidence]] = {}
    for one in all_evidence(kind=kind):
        for key in one.statement.touchpoints:
            found.setdefault(key, []).append(one)
    return {key: tuple(entries) for key, entries in found.items()}


def strongest_grades() -> Mapping[str, Grade]:
    """Return the strongest grade of evidence of each touchpoint that has any."""
    found: dict[str, list[Grade]] = {}
    for key, grade in EvidenceTouchpoint.objects.values_list("key", "evidence__grade").order_by().distinct():
        found.setdefault(key, []).append(Grade(grade))
    return {key: best for key, grades in found.items() if (best := strongest(grades)) is not None}


def _rows() -> QuerySet[Row]:
    return Row.objects.select_related("noted_by", "changed_by").prefetch_related("touchpoints")


def contract_of(row: Row) -> Evidence:
    """Turn a row into its contract."""
    return Evidence(
        id=row.pk,
        statement=Statement(
            kind=Kind(row.kind),
            grade=Grade(row.grade),
            text=row.text,
            source=row.source,
            link=row.link,
            day=row.day,
            touchpoints=tuple(one.key for one in row.touchpoints.all()),
        ),
        noted_at=row.noted_at,
        noted_by=row.noted_by.get_username() if row.noted_by else None,
        changed_at=row.changed_at,
        changed_by=row.changed_by.get_username() if row.changed_by else None,
        revision=row.revision,
    )
