"""Evidence as pages show it, and its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wegmarke.atlas.cards import labels
from wegmarke.atlas.links import all_linked
from wegmarke.insights.tables import Cell, Column, Row, Table, text
from wegmarke.plan.evidence.rules import is_web_address
from wegmarke.plan.evidence.services import may_edit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.utils.safestring import SafeString

    from wegmarke.atlas.cards.labels import Label
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.evidence.contracts import Evidence, Grade


@dataclass(frozen=True, slots=True)
class GradeWords:
    """How a grade is named, marked and explained."""

    name: Label
    sign: str
    meaning: Label


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """One piece of evidence in words; `link` is empty unless it leads into the web."""

    id: int
    kind: Label
    grade: GradeWords
    text: str
    source: str
    link: str
    day: str
    touchpoints: SafeString
    who: str
    at: datetime
    changed_by: str
    changed_at: datetime | None
    may_edit: bool


def grade_words(grade: Grade | None) -> GradeWords | None:
    """Return how a grade is shown; None for no evidence at all."""
    if grade is None:
        return None
    return GradeWords(labels.GRADES[grade], labels.GRADE_SIGNS[grade], labels.GRADE_MEANINGS[grade])


def shown(one: Evidence, at: Here) -> ShownEvidence:
    """Say one piece of evidence in words."""
    said = one.statement
    words = grade_words(said.grade)
    changed = one.revision > 1
    return ShownEvidence(
        id=one.id,
        kind=labels.KINDS[said.kind],
        grade=words or GradeWords("", "unknown", ""),
        text=said.text,
        source=said.source,
        link=said.link if is_web_address(said.link) else "",
        day=day(said.day),
        touchpoints=all_linked((key, name_of(key, at)) for key in said.touchpoints),
        who=one.noted_by or "",
        at=one.noted_at,
        changed_by=one.changed_by or "" if changed else "",
        changed_at=one.changed_at if changed else None,
        may_edit=at.user is not None and may_edit(at.user, at.plan, said.touchpoints),
    )


def day(found: date | None) -> str:
    """Format a day; empty for none."""
    # Translators: a day in Django's format characters
    return "" if found is None else formats.date_format(found, pgettext("format of a day", "j F Y"))


def name_of(key: str, at: Here) -> str:
    """Return the name of a touchpoint; its key where it is no longer in the plan."""
    touchpoint = at.plan.touchpoint(key)
    return key if touchpoint is None else at.said(touchpoint.name) or key


def table(found: Iterable[Evidence], at: Here) -> Table:
    """Return evidence as a table for files."""
    columns = (
        Column("touchpoints", _("Touchpoints")),
        Column("grade", _("Grade")),
        Column("kind", _("Kind")),
        Column("text", _("Text")),
        Column("source", _("Source")),
        Column("day", _("Day")),
        Column("link", _("Link")),
        Column("noted_by", _("Noted by")),
        Column("noted_at", _("Noted at")),
    )
    rows = []
    for one in found:
        said = one.statement
        names = ", ".join(name_of(key, at) for key in said.touchpoints)
        cells: tuple[Cell, ...] = (
            text(names),
            text(str(labels.GRADES[said.grade])),
            text(str(labels.KINDS[said.kind])),
            text(said.text),
            text(said.source),
            text(said.day.isoformat() if said.day else ""),
            text(said.link),
            text(one.noted_by or ""),
            text(one.noted_at.isoformat(timespec="seconds")),
        )
        rows.append(Row(cells))
    return Table("evidence", _("Evidence"), columns, tuple(rows))
