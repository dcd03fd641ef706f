"""What the lists, fields and values of a plan are called, keyed as in documents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wegmarke.analysis.journeys import StartedBy

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


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is a word of the format: what it is called, and what that means where there is room."""

    name: Label
    meaning: Label = ""

    @property
    def full(self) -> Label:
        """The name with its meaning."""
        return format_lazy("{} ({})", self.name, self.meaning) if self.meaning else self.name


WORDS: Mapping[str, Mapping[str, Word]] = {
    "status": {
        "idea": Word(_("Idea")),
        "live": Word(_("Live")),
        "paused": Word(_("Paused")),
        "retired": Word(_("Retired")),
    },
    "started_by": {
        "customer": Word(pgettext_lazy("who starts it", "Customer"), _("reactive")),
        "company": Word(pgettext_lazy("who starts it", "Company"), _("proactive")),
    },
    "nature": {
        "human": Word(_("Human")),
        "digital": Word(_("Digital")),
        "product": Word(_("Product")),
        "administrative": Word(pgettext_lazy("nature of a touchpoint", "Administrative")),
    },
    "planned": {
        "yes": Word(pgettext_lazy("intention", "Planned"), _("it happens by intention")),
        "no": Word(pgettext_lazy("intention", "Unplanned"), _("it happens by itself")),
    },
    "worth": {
        "value_creating": Word(_("Creates value for customers")),
        "administrative": Word(_("Only necessary"), _("administrative")),
    },
    "media": {
        "owned": Word(_("Owned")),
        "partner": Word(_("Partner")),
        "earned": Word(_("Earned"), _("word of mouth, reviews")),
    },
    "side": {"company": Word(_("Company")), "customer": Word(_("Customers"))},
}
"""Values that are words of the format, by the field they stand in; true and false are yes and no."""
HINTS: Mapping[str, Label] = {
    "key": _("Stands in addresses and documents. Left empty, it is made of the name."),
    "channel": _("Web, mail, phone, store, …"),
    "nature": _("What customers meet here."),
    "per_quarter": _("How often a customer is to meet it in a quarter."),
    "target": _("At least this; where less is better, at most. Shares in per cent."),
}
"""What to enter in a field, where its name does not say it."""
FELT: Mapping[str, Label] = {
    "bad": pgettext_lazy("experience", "bad"),
    "neutral": pgettext_lazy("experience", "neutral"),
    "good": pgettext_lazy("experience", "good"),
    "unknown": pgettext_lazy("experience", "unknown"),
}


def name_of(field: str) -> str:
    """Return what a field is called; one that is not known, as it is written."""
    return str(FIELDS.get(field, field))


def word_of(value: object) -> str:
    """Return the word a value of the plan stands as in documents and forms; empty for what is not said."""
    if value is None or value is StartedBy.UNKNOWN:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StartedBy):
        return value.name.lower()
    return str(value.value) if isinstance(value, Enum) else str(value)


def choices(field: str, *, full: bool = False) -> list[tuple[str, Label]]:
    """Return the words of a field with what they are called, with their meaning where `full`."""
    return [(word, one.full if full else one.name) for word, one in WORDS[field].items()]


def said(field: str, value: object, *, full: bool = False) -> str:
    """Return what a value is called; empty for what is not said, another word as it is written."""
    written = word_of(value)
    word = WORDS[field].get(written)
    return written if word is None else str(word.full if full else word.name)
