"""The plan as plain values and back: what stands in a document, in a saved version and in a difference.

Plain values are texts, numbers, truths, lists and keys with values, in the shape `plan.layout` describes;
what has its default is left out. `plan_of(plain_plan(plan)) == plan`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.plan.contracts import (
    MAIN_JOURNEY,
    NO_TEXT,
    Content,
    Funnel,
    Goal,
    Journey,
    Leaving,
    Measure,
    Media,
    Metric,
    Nature,
    Phase,
    Plan,
    Promise,
    Side,
    Status,
    Step,
    Text,
    Touchpoint,
    Worth,
)
from wegmarke.plan.plain_rules import Plain, experience_rules, plain_experience, plain_rule, rule_of

WordT = TypeVar("WordT", bound=StrEnum)

_DEFAULTS = Plan(name=NO_TEXT)
LARGEST_WHOLE = 2**53
"""Whole numbers beyond this are not told apart by the record; they are most likely identifiers."""


def plan_of(plain: Plain) -> Plan:
    """Return the plan of plain values that fit the layout."""
    journeys = tuple(journey_of(one) for one in plain.get("journeys", ()))
    if plain.get("phases"):
        journeys = (journey_of({"key": MAIN_JOURNEY, "phases": plain["phases"]}),)
    return Plan(
        name=_text(plain["name"]),
        journeys=journeys,
        touchpoints=tuple(touchpoint_of(one) for one in plain.get("touchpoints", ())),
        leaving=_leaving(plain.get("leaving")),
        moving_on=tuple(plain.get("moving_on", ())),
        horizon_days=plain.get("horizon_days", _DEFAULTS.horizon_days),
        margin=plain.get("margin", _DEFAULTS.margin),
        attributes=tuple(plain.get("attributes", ())),
        funnels=tuple(funnel_of(one) for one in plain.get("funnels", ())),
        goals=tuple(goal_of(one) for one in plain.get("goals", ())),
        promises=tuple(promise_of(one) for one in plain.get("promises", ())),
        not_touchpoints=tuple(rule_of(one) for one in plain.get("not_touchpoints", ())),
        currency=plain.get("currency"),
        unbound_names_are_touchpoints=plain.get("unbound_names_are_touchpoints", False),
    )


def plain_plan(plan: Plan) -> Plain:
    """Return a plan as plain values, in the order of the format."""
    return _given(
        name=_plain_text(plan.name) or "",
        **_plain_journeys(plan),
        touchpoints=[plain_touchpoint(one) for one in plan.touchpoints],
        leaving=_plain_leaving(plan.leaving),
        moving_on=list(plan.moving_on),
        horizon_days=_unless(plan.horizon_days, _DEFAULTS.horizon_days),
        margin=_unless(plan.margin, _DEFAULTS.margin),
        attributes=list(plan.attributes),
        funnels=[plain_funnel(one) for one in plan.funnels],
        goals=[plain_goal(one) for one in plan.goals],
        promises=[plain_promise(one) for one in plan.promises],
        not_touchpoints=[plain_rule(one) for one in plan.not_touchpoints],
        currency=plan.currency,
        unbound_names_are_touchpoints=plan.unbound_names_are_touchpoints or None,
    )


def _plain_journeys(plan: Plan) -> Plain:
    """Write the phases alone where there is one journey that says nothing about itself."""
    if len(plan.journeys) == 1 and plan.journeys[0] == Journey(phases=plan.phases) and plan.phases:
        return {"phases": [_plain_phase(one) for one in plan.phases]}
    return {"journeys": [plain_journey(one) for one in plan.journeys]}


def journey_of(plain: Plain) -> Journey:
    """Return one journey model."""
    return Journey(
        key=plain["key"],
        name=_text(plain.get("name")),
        audience=_text(plain.get("audience")),
        anchor=_text(plain.get("anchor")),
        phases=tuple(_phase(one) for one in plain.get("phases", ())),
    )


def plain_journey(journey: Journey) -> Plain:
    """Return one journey model as plain values."""
    return _given(
        key=journey.key,
        name=_plain_text(journey.name),
        audience=_plain_text(journey.audience),
        anchor=_plain_text(journey.anchor),
        phases=[_plain_phase(one) for one in journey.phases],
    )


def _phase(plain: Plain) -> Phase:
    return Phase(
        key=plain["key"],
        name=_text(plain["name"]),
        goal=_text(plain.get("goal")),
        from_day=plain.get("from_day"),
        to_day=plain.get("to_day"),
        entered_by=tuple(plain.get("entered_by", ())),
        steps=tuple(Step(one["key"], _text(one["name"])) for one in plain.get("steps", ())),
    )


def _plain_phase(phase: Phase) -> Plain:
    return _given(
        key=phase.key,
        name=_plain_text(phase.name) or "",
        goal=_plain_text(phase.goal),
        from_day=_number(phase.from_day),
        to_day=_number(phase.to_day),
        entered_by=list(phase.entered_by),
        steps=[{"key": step.key, "name": _plain_text(step.name) or ""} for step in phase.steps],
    )


def touchpoint_of(plain: Plain) -> Touchpoint:
    """Return one touchpoint."""
    felt = plain.get("experience", {})
    return Touchpoint(
        key=plain["key"],
        name=_text(plain["name"]),
        phases=tuple(plain.get("phases", ())),
        status=Status(plain.get("status", Status.LIVE)),
        channel=plain.get("channel"),
        department=plain.get("department"),
        owners=tuple(plain.get("owners", ())),
        started_by=StartedBy[plain["started_by"].upper()] if "started_by" in plain else StartedBy.UNKNOWN,
        nature=_one_of(Nature, plain.get("nature")),
        planned=plain.get("planned"),
        worth=_one_of(Worth, plain.get("worth")),
        media=_one_of(Media, plain.get("media")),
        purpose=_text(plain.get("purpose")),
        timing=_text(plain.get("timing")),
        per_quarter=plain.get("per_quarter"),
        content=tuple(_content(one) for one in plain.get("content", ())),
        metric=_metric(plain.get("metric")),
        cost=plain.get("cost"),
        minutes=plain.get("minutes"),
        promises=tuple(plain.get("promises", ())),
        notes=_text(plain.get("notes")),
        rules=tuple(rule_of(one) for one in plain.get("events", ())),
        experience=tuple(experience_rules(felt)),
        otherwise=Experience[felt["otherwise"].upper()] if "otherwise" in felt else None,
    )


def plain_touchpoint(touchpoint: Touchpoint) -> Plain:
    """Return one touchpoint as plain values."""
    t = touchpoint
    return _given(
        key=t.key,
        name=_plain_text(t.name) or "",
        phases=list(t.phases),
        status=None if t.status is Status.LIVE else t.status.value,
        channel=t.channel,
        department=t.department,
        owners=list(t.owners),
        started_by=None if t.started_by is StartedBy.UNKNOWN else t.started_by.name.lower(),
        nature=t.nature and t.nature.value,
        planned=t.planned,
        worth=t.worth and t.worth.value,
        media=t.media and t.media.value,
        purpose=_plain_text(t.purpose),
        timing=_plain_text(t.timing),
        per_quarter=_number(t.per_quarter),
        content=[_plain_content(one) for one in t.content],
        metric=_plain_metric(t.metric),
        cost=_number(t.cost),
        minutes=_number(t.minutes),
        promises=list(t.promises),
        notes=_plain_text(t.notes),
        events=[plain_rule(rule) for rule in t.rules],
        experience=plain_experience(t) or None,
    )


def _content(plain: Plain) -> Content:
    return Content(_text(plain["text"]), plain.get("segment", ""), plain.get("phase", ""))


def _plain_content(content: Content) -> Plain:
    return _given(
        segment=content.segment or None,
        phase=content.phase or None,
        text=_plain_text(content.text) or "",
    )


def _metric(plain: Plain | None) -> Metric | None:
    return None if plain is None else Metric(Measure(plain["measure"]), plain["target"])


def _plain_metric(metric: Metric | None) -> Plain | None:
    return None if metric is None else {"measure": metric.measure.value, "target": _number(metric.target)}


def promise_of(plain: Plain) -> Promise:
    """Return one promise of the brand."""
    return Promise(plain["key"], _text(plain["name"]), _text(plain.get("about")))


def plain_promise(promise: Promise) -> Plain:
    """Return one promise as plain values."""
    return _given(key=promise.key, name=_plain_text(promise.name) or "", about=_plain_text(promise.about))


def goal_of(plain: Plain) -> Goal:
    """Return one goal."""
    return Goal(
        key=plain["key"],
        name=_text(plain["name"]),
        side=Side(plain["side"]),
        metric=Metric(Measure(plain["measure"]), plain["target"]),
        until=date.fromisoformat(plain["until"]),
        owner=plain.get("owner"),
        touchpoints=tuple(plain.get("touchpoints", ())),
        phases=tuple(plain.get("phases", ())),
        funnel=plain.get("funnel"),
        start=plain.get("start"),
        since=date.fromisoformat(plain["since"]) if "since" in plain else None,
    )


def plain_goal(goal: Goal) -> Plain:
    """Return one goal as plain values; days are written as 2026-12-31."""
    return _given(
        key=goal.key,
        name=_plain_text(goal.name) or "",
        side=goal.side.value,
        measure=goal.metric.measure.value,
        target=_number(goal.metric.target),
        until=goal.until.isoformat(),
        owner=goal.owner,
        touchpoints=list(goal.touchpoints),
        phases=list(goal.phases),
        funnel=goal.funnel,
        start=_number(goal.start),
        since=goal.since and goal.since.isoformat(),
    )


def funnel_of(plain: Plain) -> Funnel:
    """Return one funnel."""
    return Funnel(plain["key"], _text(plain["name"]), tuple(plain["steps"]), plain["window_days"])


def plain_funnel(funnel: Funnel) -> Plain:
    """Return one funnel as plain values."""
    return {
        "key": funnel.key,
        "name": _plain_text(funnel.name) or "",
        "steps": list(funnel.steps),
        "window_days": _number(funnel.window_days),
    }


def _leaving(plain: Plain | None) -> Leaving | None:
    if plain is None:
        return None
    return Leaving(tuple(plain.get("touchpoints", ())), plain.get("quiet_days"))


def _plain_leaving(leaving: Leaving | None) -> Plain | None:
    if leaving is None:
        return None
    return _given(touchpoints=list(leaving.touchpoints), quiet_days=_number(leaving.quiet_days))


def _text(plain: str | Plain | None) -> Text:
    if plain is None:
        return NO_TEXT
    if isinstance(plain, str):
        return Text(de=plain, en=plain)
    return Text(de=plain.get("de", ""), en=plain.get("en", ""))


def _plain_text(text: Text) -> str | Plain | None:
    if text == NO_TEXT:
        return None
    if text.de == text.en:
        return text.de
    return {key: value for key, value in (("de", text.de), ("en", text.en)) if value}


def _one_of(kind: type[WordT], word: str | None) -> WordT | None:
    return None if word is None else kind(word)


def _given(**pairs: Any) -> Plain:
    return {key: value for key, value in pairs.items() if value is not None and value != []}


def _unless(value: float, default: float) -> float | None:
    return None if value == default else _number(value)


def _number(value: float | None) -> float | None:
    """Write whole numbers without a point, as people do."""
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        return int(value)
    return value
