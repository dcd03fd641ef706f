"""All tables by name: a page shows them, an address downloads them, both from the same builder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wegmarke.analysis.insight import MomentClass
from wegmarke.insights import moment_tables, path_tables
from wegmarke.insights.links import evidence_link
from wegmarke.insights.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wegmarke.analysis.insight import FunnelInsight, Moment, MomentsInsight
    from wegmarke.insights.contracts import Analysis, AskedFunnel
    from wegmarke.insights.tables import Table


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: class, touchpoint, funnel of the plan, or a funnel somebody asked for."""

    moment_class: MomentClass | None = None
    touchpoint: str = ""
    funnel: str = ""
    asked: AskedFunnel | None = None


def class_of(value: str) -> MomentClass | None:
    """Return the class an address names; None for all of them and for nonsense."""
    return MomentClass(value) if value in set(MomentClass) else None


def moments_by_key(analysis: Analysis) -> dict[str, Moment]:
    """Return the judged touchpoints by key."""
    return {} if analysis.moments is None else {m.touchpoint: m for m in analysis.moments.moments}


def funnel_of(analysis: Analysis, wanted: Wanted) -> FunnelInsight | None:
    """Return the funnel an address names; the first of the plan where it names none."""
    if wanted.asked is not None:
        return wanted.asked.insight
    key = wanted.funnel or next(iter(analysis.funnels), "")
    return analysis.funnels.get(key)


def build(name: str, analysis: Analysis, wanted: Wanted) -> Table | None:
    """Return one table; None where there is none of this name or nothing to put into it."""
    builder = BUILDERS.get(name)
    return None if builder is None else builder(analysis, wanted)


def _moments(analysis: Analysis, wanted: Wanted) -> Table | None:
    if analysis.moments is None:
        return None
    insight = of_class(analysis.moments, wanted.moment_class)
    return moment_tables.moments(insight, Names(analysis.plan), analysis.plan.currency, evidence_link)


def of_class(insight: MomentsInsight, moment_class: MomentClass | None) -> MomentsInsight:
    """Return the insight with the touchpoints of one class only."""
    if moment_class is None:
        return insight
    return replace(insight, moments=tuple(m for m in insight.moments if m.moment_class is moment_class))


def _effects(analysis: Analysis, wanted: Wanted) -> Table | None:
    moment = moments_by_key(analysis).get(wanted.touchpoint)
    return None if moment is None else moment_tables.effects(moment)


def _strata(analysis: Analysis, wanted: Wanted) -> Table | None:
    moment = moments_by_key(analysis).get(wanted.touchpoint)
    if moment is None or analysis.moments is None:
        return None
    return moment_tables.strata(moment, analysis.moments, Names(analysis.plan))


def _journey(analysis: Analysis, _wanted: Wanted) -> Table:
    return path_tables.journey(analysis.lived, Names(analysis.plan), moments_by_key(analysis), evidence_link)


def _funnel(analysis: Analysis, wanted: Wanted) -> Table | None:
    insight = funnel_of(analysis, wanted)
    return None if insight is None else path_tables.funnel(insight, Names(analysis.plan))


def _instead(analysis: Analysis, wanted: Wanted) -> Table | None:
    insight = funnel_of(analysis, wanted)
    return None if insight is None else path_tables.instead(insight, Names(analysis.plan))


def _last_actions(analysis: Analysis, _wanted: Wanted) -> Table | None:
    if analysis.last_actions is None:
        return None
    return path_tables.last_actions(analysis.last_actions, Names(analysis.plan))


def _transitions(analysis: Analysis, _wanted: Wanted) -> Table:
    return path_tables.transitions(analysis.paths, Names(analysis.plan))


def _variants(analysis: Analysis, _wanted: Wanted) -> Table:
    return path_tables.variants(analysis.paths, Names(analysis.plan))


def _flows(analysis: Analysis, _wanted: Wanted) -> Table:
    return path_tables.flows(analysis.paths, Names(analysis.plan))


def _trend(analysis: Analysis, _wanted: Wanted) -> Table:
    return path_tables.trend(analysis.trend)


BUILDERS: Mapping[str, Callable[[Analysis, Wanted], Table | None]] = {
    "moments": _moments,
    "effects": _effects,
    "strata": _strata,
    "journey": _journey,
    "funnel": _funnel,
    "instead": _instead,
    "last-actions": _last_actions,
    "transitions": _transitions,
    "variants": _variants,
    "flows": _flows,
    "trend": _trend,
}
