"""What the fields of a touchpoint and their values are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan.contracts import Measure, Media, Nature, Status, Worth
from wegmarke.plan.evidence.contracts import Grade, Kind
from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

FIELDS: Mapping[str, Label] = {
    "key": _("Key"),
    "name": _("Name"),
    "phases": _("Phases"),
    "status": _("Status"),
    "channel": _("Channel"),
    "department": _("Department"),
    "owners": _("Owners"),
    "started_by": _("Started by"),
    "nature": _("Nature"),
    "planned": _("Planned or unplanned"),
    "worth": _("Worth"),
    "media": _("Media"),
    "purpose": _("Purpose"),
    "timing": _("Timing"),
    "per_quarter": _("Times per quarter"),
    "content": _("Content"),
    "metric": _("Success metric"),
    "cost": _("Cost per touch"),
    "minutes": _("Minutes of work per touch"),
    "promises": _("Promises"),
    "notes": _("Notes"),
    "events": _("Binding rules"),
    "experience": _("Experience rules"),
}
"""The fields as they are called in documents, in the order of the format."""

STATUSES: Mapping[Status, Label] = {
    Status.IDEA: _("Idea"),
    Status.LIVE: _("Live"),
    Status.PAUSED: _("Paused"),
    Status.RETIRED: _("Retired"),
}
STARTERS: Mapping[StartedBy, Label] = {
    StartedBy.CUSTOMER: _("Customer (reactive)"),
    StartedBy.COMPANY: _("Company (proactive)"),
}
NATURES: Mapping[Nature, Label] = {
    Nature.HUMAN: _("Human"),
    Nature.DIGITAL: _("Digital"),
    Nature.PRODUCT: _("Product"),
    Nature.ADMINISTRATIVE: pgettext_lazy("nature of a touchpoint", "Administrative"),
}
PLANNED: Mapping[bool, Label] = {
    True: _("Planned: it happens by intention"),
    False: _("Unplanned: it happens by itself"),
}
WORTHS: Mapping[Worth, Label] = {
    Worth.VALUE_CREATING: _("Creates value for customers"),
    Worth.ADMINISTRATIVE: _("Only necessary (administrative)"),
}
MEDIA: Mapping[Media, Label] = {
    Media.OWNED: _("Owned"),
    Media.PARTNER: _("Partner"),
    Media.EARNED: _("Earned (word of mouth, reviews)"),
}
MEASURES: Mapping[Measure, Label] = {
    Measure.NET_EXPERIENCE: _("Net experience"),
    Measure.BAD_SHARE: _("Share of bad experiences"),
    Measure.DROP_OFF: _("Drop-off"),
    Measure.PERSONS: _("Persons per month"),
    Measure.TOUCHES: _("Touches per month"),
}
"""Measures of a single touchpoint."""
EXPERIENCES: Mapping[Experience, Label] = {
    Experience.BAD: pgettext_lazy("experience", "bad"),
    Experience.NEUTRAL: pgettext_lazy("experience", "neutral"),
    Experience.GOOD: pgettext_lazy("experience", "good"),
    Experience.UNKNOWN: pgettext_lazy("experience", "unknown"),
}
OPERATORS: Mapping[str, Label] = {
    Operator.IS: _("is"),
    Operator.IS_NOT: _("is not"),
    Operator.IN: _("is one of"),
    Operator.ABOVE: _("is above"),
    Operator.AT_LEAST: _("is at least"),
    Operator.BELOW: _("is below"),
    Operator.AT_MOST: _("is at most"),
    Operator.EXISTS: _("exists (true or false)"),
    Operator.CONTAINS: _("contains"),
    "like": _("is like (with *)"),
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
