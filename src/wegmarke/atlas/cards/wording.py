"""Rules, metrics and fields of a touchpoint in words. Every function speaks the active language.

What people or events named is put into `<code>` or `<bdi>`, escaped, so that it can neither run nor turn the
sentence round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from wegmarke.atlas.cards import labels
from wegmarke.atlas.cards.values import typed
from wegmarke.insights import figures
from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.safestring import SafeString

    from wegmarke.plan.contracts import Plan, Touchpoint
    from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule

INTO = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
"""Between a phase and its step."""


def rule(one: BindingRule) -> SafeString:
    """Say which events one binding rule takes: `Payment Entered` where `step` is “payment”."""
    event = format_html("<code>{}</code>", one.event)
    if not one.where:
        return event
    return format_html(_("{event} where {conditions}"), event=event, conditions=conditions(one.where))


def felt(one: ExperienceRule) -> SafeString:
    """Say when an experience is what: bad where `wait_minutes` is above 60."""
    words = labels.EXPERIENCES[one.experience]
    return format_html(
        _("{experience} where {conditions}"), experience=words, conditions=conditions(one.when)
    )


def otherwise(touchpoint: Touchpoint) -> str:
    """Say what an experience is that no rule and no answer decides."""
    if touchpoint.otherwise is not None:
        word = labels.EXPERIENCES[touchpoint.otherwise]
        return _("Otherwise: %(experience)s.") % {"experience": word}
    if touchpoint.experience:
        return _("Otherwise: neutral.")
    return ""


def conditions(found: Iterable[Condition]) -> SafeString:
    """Join conditions that must all hold."""
    # Translators: between conditions that must all hold
    return format_html_join(format_html(" {} ", _("and")), "{}", ((condition(one),) for one in found))


def condition(one: Condition) -> SafeString:
    """Say one comparison of a property."""
    named = format_html("<code>{}</code>", one.key)
    if one.operator is Operator.EXISTS:
        text = _("{property} is missing") if one.value is False else _("{property} is there")
        return format_html(text, property=named)
    sentences: Mapping[str, str] = {
        Operator.IS: _("{property} is {value}"),
        Operator.IS_NOT: _("{property} is there and not {value}"),
        Operator.IN: _("{property} is one of {value}"),
        Operator.ABOVE: _("{property} is above {value}"),
        Operator.AT_LEAST: _("{property} is at least {value}"),
        Operator.BELOW: _("{property} is below {value}"),
        Operator.AT_MOST: _("{property} is at most {value}"),
        Operator.CONTAINS: _("{property} contains {value}"),
        "like": _("{property} is like {value}"),
    }
    return format_html(sentences[one.operator], property=named, value=value(one.value))


def value(found: object) -> SafeString:
    """Show a value of a condition: texts in quotation marks, numbers and true or false as typed."""
    if isinstance(found, tuple):
        return format_html_join(", ", "{}", ((value(one),) for one in found))
    if isinstance(found, str):
        # Translators: quotation marks around a value
        return format_html(_("“{value}”"), value=format_html("<bdi>{}</bdi>", found))
    return format_html("<code>{}</code>", typed(found))


def understood(found: object) -> str:
    """Say how a typed value was read."""
    if isinstance(found, tuple):
        return _("List: %(values)s") % {"values": ", ".join(map(understood, found))}
    if isinstance(found, bool):
        return _("true") if found else _("false")
    if isinstance(found, int | float):
        return _("number %(number)s") % {"number": exact(found)}
    return _("text “%(text)s”") % {"text": found}


def exact(number: float) -> str:
    """Format a number with just the digits it was entered with."""
    exponent = next((e for e in range(0, -10, -1) if round(number, -e) == number), -10)
    return figures.number(number, exponent)


def amount(number: float, plan: Plan) -> str:
    """Format money with the digits it was entered with; cents make two."""
    exponent = 0 if number == round(number) else -2 if number == round(number, 2) else -4
    return figures.amount(number, plan.currency, exponent)


def phase_name(plan: Plan, key: str, language: str) -> str:
    """Return what a phase or step is called, a step with its phase before it."""
    for journey in plan.journeys:
        phase = journey.phase_of(key)
        if phase is None:
            continue
        name = phase.name.in_language(language) or phase.key
        step = next((one for one in phase.steps if one.key == key), None)
        return name if step is None else f"{name}{INTO}{step.name.in_language(language) or step.key}"
    return key
