"""Decisions about plans: how the record binds events by one, and what of it figures rest on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import Experience
from wegmarke.plan.checks import findings_of
from wegmarke.plan.contracts import Plan, Text
from wegmarke.plan.plain_rules import exact, plain_experience, plain_rule
from wegmarke.record.contracts import Bindings, TouchpointBinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.plan.contracts import Journey, Touchpoint
    from wegmarke.record.contracts import Condition

__all__ = ["basis_of", "bindings_of", "findings_of", "properties_of"]


FIRST = Plan(name=Text(de="Plan", en="Plan"), unbound_names_are_touchpoints=True)
"""The plan before the first version: events without a rule go on being shown by their names."""


def is_named(plan: Plan) -> bool:
    """Say whether somebody has given the plan a name, by which the company is shown."""
    return plan.name != FIRST.name


def bindings_of(plan: Plan) -> Bindings:
    """Return the plan as the record sees it: which events are which touchpoint, felt how."""
    return Bindings(
        touchpoints=tuple(_binding(plan, touchpoint) for touchpoint in plan.touchpoints),
        phases=tuple(phase.key for phase in plan.phases),
        unbound_names_are_touchpoints=plan.unbound_names_are_touchpoints,
        attributes=plan.attributes,
    )


def _binding(plan: Plan, touchpoint: Touchpoint) -> TouchpointBinding:
    otherwise = touchpoint.otherwise
    if otherwise is None:
        otherwise = Experience.NEUTRAL if touchpoint.experience else Experience.UNKNOWN
    phase = plan.phase_of(touchpoint)
    return TouchpointBinding(
        touchpoint=touchpoint.key,
        rules=touchpoint.rules,
        experience=touchpoint.experience,
        otherwise=otherwise,
        phase=None if phase is None else phase.key,
        started_by=touchpoint.started_by,
    )


def basis_of(plan: Plan) -> tuple[object, ...]:
    """Return what figures are computed from: two plans with the same basis have the same figures.

    Names, purposes, owners and the like are not part of it, so that editing them computes nothing anew.
    """
    return (
        bindings_of(plan),
        tuple(_exact_rules(touchpoint) for touchpoint in plan.touchpoints),
        tuple((one.channel, one.department, one.phases) for one in plan.touchpoints),
        tuple(_course(journey) for journey in plan.journeys),
        plan.leaving,
        plan.moving_on,
        plan.horizon_days,
        plan.margin,
        tuple((funnel.key, funnel.steps, funnel.window_days) for funnel in plan.funnels),
    )


def _exact_rules(touchpoint: Touchpoint) -> str:
    """Return the rules so that 1 and true differ in them, as they do in the record."""
    return exact([[plain_rule(rule) for rule in touchpoint.rules], plain_experience(touchpoint)])


def _course(journey: Journey) -> tuple[object, ...]:
    """Return what of a journey model decides where touches happen on it."""
    phases = tuple(
        (phase.key, phase.from_day, phase.to_day, phase.entered_by, tuple(step.key for step in phase.steps))
        for phase in journey.phases
    )
    return journey.key, phases


def properties_of(plan: Plan) -> tuple[str, ...]:
    """Return the keys of the properties of events that rules of a plan look at, each once."""
    conditions = [one for touchpoint in plan.touchpoints for one in _conditions_of(touchpoint)]
    return tuple(dict.fromkeys(condition.key for condition in conditions))


def _conditions_of(touchpoint: Touchpoint) -> Iterator[Condition]:
    for rule in touchpoint.rules:
        yield from rule.where
    for felt in touchpoint.experience:
        yield from felt.when
