"""Insights as JSON and back: frozen values go in, the same frozen values come out."""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from wegmarke.analysis import insight as values
from wegmarke.analysis import map_insight as mapped
from wegmarke.analysis.outcomes import Period  # noqa: TC001 - msgspec reads the type at run time
from wegmarke.insights.contracts import EVERYBODY, Analysis
from wegmarke.insights.models import StoredInsight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wegmarke.plan.contracts import Plan

ValueT = TypeVar("ValueT")
Kind = StoredInsight.Kind
DEPARTMENTS = "departments"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an analysis holds besides its insights."""

    period: Period
    persons: int
    touches: int
    unbound: int


TYPES: dict[str, Any] = {
    Kind.FACTS: Facts,
    Kind.MOMENTS: values.MomentsInsight,
    Kind.LAST_ACTIONS: values.LastActionsInsight,
    Kind.LIVED: values.ExperienceInsight,
    Kind.PATHS: values.PathsInsight,
    Kind.TREND: values.TrendInsight,
    Kind.FUNNEL: values.FunnelInsight,
    Kind.MONTHLY: mapped.MonthlyInsight,
    Kind.SPREAD: mapped.SpreadInsight,
    Kind.LOAD: mapped.LoadInsight,
    Kind.PLACEMENT: mapped.PlacementInsight,
}


@cache
def shape() -> int:
    """Return a number for the shape insights are stored in; it changes when any of their types does.

    What another version stored in another shape cannot be read, so it has to be asked for again.
    """
    schemas = msgspec.json.schema_components(TYPES.values())
    return zlib.crc32(json.dumps(schemas, sort_keys=True).encode()) & 0x7FFF_FFFF


def write(value: object) -> str:
    """Write a frozen value as JSON. JSON has no infinity and no NaN: they are written as words."""
    return msgspec.json.encode(_finite(msgspec.to_builtins(value))).decode()


def read(text: str, kind: type[ValueT]) -> ValueT:
    """Read a value back; raises `msgspec.ValidationError` where the text is of another shape."""
    # Not strict: the words for infinity and NaN become numbers again.
    return msgspec.json.decode(text, type=kind, strict=False)


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value


def rows_of(analysis: Analysis) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Yield kind, key, parameters and payload of everything an analysis holds."""
    facts = Facts(analysis.period, analysis.persons, analysis.touches, analysis.unbound)
    plan = analysis.plan
    yield Kind.FACTS, "", {}, write(facts)
    outcome = {
        "leaving": list(plan.leaving.touchpoints) if plan.leaving else [],
        "quiet_days": plan.leaving.quiet_days if plan.leaving else None,
        "moving_on": list(plan.moving_on),
    }
    if analysis.moments is not None:
        judged = {"horizon_days": analysis.moments.horizon_days, "margin": analysis.moments.margin}
        yield Kind.MOMENTS, "", {**outcome, **judged}, write(analysis.moments)
    if analysis.last_actions is not None:
        yield Kind.LAST_ACTIONS, "", outcome, write(analysis.last_actions)
    yield Kind.LIVED, "", outcome, write(analysis.lived)
    yield Kind.PATHS, "", {}, write(analysis.paths)
    yield Kind.TREND, "", outcome, write(analysis.trend)
    for key, funnel in analysis.funnels.items():
        steps = [step.touchpoint for step in funnel.steps]
        yield Kind.FUNNEL, key, {"steps": steps, "window_days": funnel.window_days}, write(funnel)
    yield Kind.MONTHLY, "", outcome, write(analysis.monthly)
    # Keyed by place: an attribute's name may be longer than a key; the insight carries it itself.
    for place, spread in enumerate(analysis.spread.values()):
        compared = {"margin": spread.margin, "least_raters": spread.least_raters}
        yield Kind.SPREAD, str(place), {"attribute": spread.attribute, **compared}, write(spread)
    for place, load in enumerate((analysis.load, *analysis.load_by.values())):
        yield Kind.LOAD, str(place), {"attribute": load.attribute}, write(load)
    for place, load in enumerate(analysis.departments.values()):
        across = {"attribute": load.attribute, "across": "department"}
        yield Kind.LOAD, f"{DEPARTMENTS} {place}", across, write(load)
    for key, placement in analysis.placement.items():
        yield Kind.PLACEMENT, key, {"by_day": placement.by_day}, write(placement)


def analysis_of(rows: Iterable[StoredInsight], plan: Plan) -> Analysis:
    """Put an analysis together from its rows."""
    read_rows: dict[str, Any] = {}
    funnels: dict[str, values.FunnelInsight] = {}
    spread: dict[str, mapped.SpreadInsight] = {}
    load: dict[str, mapped.LoadInsight] = {}
    departments: dict[str, mapped.LoadInsight] = {}
    placement: dict[str, mapped.PlacementInsight] = {}
    for row in rows:
        value = read(row.payload, TYPES[row.kind])
        if row.kind == Kind.FUNNEL:
            funnels[row.key] = value
        elif row.kind == Kind.SPREAD:
            spread[value.attribute or EVERYBODY] = value
        elif row.kind == Kind.LOAD:
            by = departments if row.key.startswith(DEPARTMENTS) else load
            by[value.attribute or EVERYBODY] = value
        elif row.kind == Kind.PLACEMENT:
            placement[row.key] = value
        else:
            read_rows[row.kind] = value
    facts: Facts = read_rows[Kind.FACTS]
    return Analysis(
        plan=plan,
        period=facts.period,
        persons=facts.persons,
        touches=facts.touches,
        unbound=facts.unbound,
        moments=read_rows.get(Kind.MOMENTS),
        last_actions=read_rows.get(Kind.LAST_ACTIONS),
        lived=read_rows[Kind.LIVED],
        paths=read_rows[Kind.PATHS],
        trend=read_rows[Kind.TREND],
        monthly=read_rows[Kind.MONTHLY],
        spread=spread,
        load=load.pop(EVERYBODY),
        load_by=load,
        departments=departments,
        placement=placement,
        funnels=funnels,
    )
