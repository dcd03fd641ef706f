"""Rules and findings in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas import rule_words
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from wegmarke.atlas.discovery.contracts import Candidate, Found
    from wegmarke.record.contracts import BindingRule

STARTED_BY = {
    StartedBy.CUSTOMER: gettext_lazy("started by the customer"),
    StartedBy.COMPANY: gettext_lazy("started by us"),
}


def sentence(found: Found, still_open: int) -> str:
    """Say what was found in one sentence."""
    names = ngettext(
        "%(n)s kind of event is not tied to any touchpoint.",
        "%(n)s kinds of events are not (or not completely) tied to a touchpoint.",
        found.names,
    ) % {"n": numbers.number(found.names)}
    possible = ngettext(
        "In them is %(n)s possible touchpoint that is written down nowhere.",
        "In them are %(n)s possible touchpoints that are written down nowhere.",
        still_open,
    ) % {"n": numbers.number(still_open)}
    reached = _("Together, these events reached %(share)s of all customers.") % {
        "share": numbers.percent(found.touched / found.persons if found.persons else 0.0)
    }
    return f"{names} {possible} {reached}"


def rule(binding: BindingRule) -> str:
    """Say which events a binding rule matches."""
    return rule_words.as_text(rule_words.rule(binding))


def rules(candidate: Candidate) -> str:
    """Say which events a candidate stands for."""
    return _("; or ").join(rule(one) for one in candidate.rules)
