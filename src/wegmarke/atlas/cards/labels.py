"""What the fields of a touchpoint and their values are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wegmarke.analysis.journeys import Experience
from wegmarke.atlas import fields
from wegmarke.plan.evidence.contracts import Grade, Kind
from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

FIELDS: Mapping[str, Label] = {
    name: fields.FIELDS[name]
    for name in (
        *("key", "name", "phases", "status", "channel", "department", "owners"),
        *("started_by", "nature", "planned", "worth", "media"),
        *("purpose", "timing", "per_quarter", "content", "metric", "cost", "minutes"),
        *("promises", "notes", "events", "experience"),
    )
}
"""The fields as they are called in documents, in the order of the format."""

EXPERIENCES: Mapping[Experience, Label] = {
    one: fields.FELT[one.name.lower()]
    for one in (Experience.BAD, Experience.NEUTRAL, Experience.GOOD, Experience.UNKNOWN)
}
OPERATORS: Mapping[str, Label] = {
    "is": _("is"),
    "is_not": _("is not"),
    "in": _("is one of"),
    "above": _("is above"),
    "at_least": _("is at least"),
    "below": _("is below"),
    "at_most": _("is at most"),
    "contains": _("contains"),
    "like": _("is like (with *)"),
    Operator.EXISTS: _("exists (true or false)"),
}
"""Comparisons by their names in documents; what the record does not know (yet) is not offered."""
KINDS: Mapping[Kind, Label] = {
    Kind.INTERVIEW: _("Interview"),
    Kind.QUOTE: _("Quote"),
    Kind.NOTE: _("Note"),
    Kind.STUDY: _("Study"),
}
GRADES: Mapping[Grade, Label] = {
    Grade.ASSUMED: _("assumed"),
    Grade.OBSERVED: _("observed"),
    Grade.MEASURED: _("measured"),
}
GRADE_SIGNS: Mapping[Grade, str] = {
    Grade.ASSUMED: "unknown",
    Grade.OBSERVED: "info",
    Grade.MEASURED: "done",
}
GRADE_MEANINGS: Mapping[Grade, Label] = {
    Grade.ASSUMED: _("Somebody believes it."),
    Grade.OBSERVED: _("Somebody saw or heard it."),
    Grade.MEASURED: _("Somebody counted it."),
}
