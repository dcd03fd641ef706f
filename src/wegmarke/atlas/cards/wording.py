"""Values and phases of a touchpoint in words. Every function speaks the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.insights import figures

if TYPE_CHECKING:
    from wegmarke.plan.contracts import Plan

INTO = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
"""Between a phase and its step."""


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
