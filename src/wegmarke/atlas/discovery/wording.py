"""Rules and findings in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wegmarke.analysis.journeys import StartedBy
from wegmarke.record.contracts import Operator
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from wegmarke.atlas.discovery.contracts import Candidate, Found
    from wegmarke.record.contracts import BindingRule, Condition

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
    event = _("event “%(event)s”") % {"event": binding.event}
    if not binding.where:
        return event
    conditions = _(" and ").join(_condition(one) for one in binding.where)
    return _("%(event)s with %(conditions)s") % {"event": event, "conditions": conditions}


def rules(candidate: Candidate) -> str:
    """Say which events a candidate stands for."""
    return _("; or ").join(rule(one) for one in candidate.rules)


def _condition(condition: Condition) -> str:
    text = _OPERATORS[condition.operator]
    if condition.operator is Operator.EXISTS and condition.value is False:
        text = _ABSENT
    return str(text) % {"property": condition.key, "value": _value(condition.value)}


_ABSENT = gettext_lazy("no %(property)s")
_OPERATORS = {
    Operator.IS: gettext_lazy("%(property)s = %(value)s"),
    Operator.IS_NOT: gettext_lazy("%(property)s ≠ %(value)s"),
    Operator.IN: gettext_lazy("%(property)s one of %(value)s"),
    Operator.ABOVE: gettext_lazy("%(property)s > %(value)s"),
    Operator.AT_LEAST: gettext_lazy("%(property)s ≥ %(value)s"),
    Operator.BELOW: gettext_lazy("%(property)s < %(value)s"),
    Operator.AT_MOST: gettext_lazy("%(property)s ≤ %(value)s"),
    Operator.EXISTS: gettext_lazy("any %(property)s"),
    Operator.CONTAINS: gettext_lazy("“%(value)s” in %(property)s"),
    Operator.LIKE: gettext_lazy("%(property)s like %(value)s"),
}


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
