"""What the lists, fields and values of a plan are called, keyed as in documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

KINDS: Mapping[str, Label] = {
    "": _("The plan"),
    "journeys": _("Journey model"),
    "touchpoints": _("Touchpoint"),
    "funnels": _("Funnel"),
    "goals": _("Goal"),
    "promises": _("Promise"),
}
ORDERS: Mapping[str, Label] = {
    "journeys": _("Order of the journey models"),
    "touchpoints": _("Order of the touchpoints"),
    "funnels": _("Order of the funnels"),
    "goals": _("Order of the goals"),
    "promises": _("Order of the promises"),
}
FIELDS: Mapping[str, Label] = {
    "key": _("Key"),
    "name": _("Name"),
    "phases": _("Phases"),
    "status": _("Status"),
    "channel": _("Channel"),
    "department": _("Department"),
    "owners": _("Owners"),
    "owner": _("Owner"),
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
    "audience": _("Audience"),
    "anchor": _("Anchor"),
    "about": _("About"),
    "steps": _("Steps"),
    "window_days": _("Window in days"),
    "side": _("Whose goal"),
    "measure": _("Measure"),
    "target": _("Target"),
    "until": _("Deadline"),
    "touchpoints": _("Touchpoints"),
    "funnel": _("Funnel"),
    "start": _("Value at the start"),
    "since": _("Since"),
    "leaving": _("Leaving"),
    "moving_on": _("Moving on"),
    "horizon_days": _("Horizon in days"),
    "margin": _("Smallest effect that matters"),
    "attributes": _("Attributes of persons"),
    "not_touchpoints": _("Events that are no touchpoint"),
    "currency": _("Currency"),
    "unbound_names_are_touchpoints": _("Events without a rule are touchpoints"),
}
VALUES: Mapping[str, Mapping[object, Label]] = {
    "status": {
        "idea": _("Idea"),
        "live": _("Live"),
        "paused": _("Paused"),
        "retired": _("Retired"),
    },
    "started_by": {"customer": _("Customer (reactive)"), "company": _("Company (proactive)")},
    "nature": {
        "human": _("Human"),
        "digital": _("Digital"),
        "product": _("Product"),
        "administrative": pgettext_lazy("nature of a touchpoint", "Administrative"),
    },
    "worth": {
        "value_creating": _("Creates value for customers"),
        "administrative": _("Only necessary (administrative)"),
    },
    "media": {
        "owned": _("Owned"),
        "partner": _("Partner"),
        "earned": _("Earned (word of mouth, reviews)"),
    },
    "planned": {True: _("planned"), False: _("unplanned")},
    "side": {"company": _("Company"), "customer": _("Customers")},
}
"""Values that are words of the format, by the field they stand in."""
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
}
FELT: Mapping[str, Label] = {
    "bad": pgettext_lazy("experience", "bad"),
    "neutral": pgettext_lazy("experience", "neutral"),
    "good": pgettext_lazy("experience", "good"),
    "unknown": pgettext_lazy("experience", "unknown"),
}
