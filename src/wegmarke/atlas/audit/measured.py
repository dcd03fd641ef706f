"""What the figures say about single touchpoints: never seen, dead, annoying, target missed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import Estimate
from wegmarke.atlas.audit.contracts import Finding, Kind, Severity
from wegmarke.atlas.verdicts import Reason, Verdict
from wegmarke.plan.contracts import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.atlas.audit.contracts import Ground
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Metric


def never_seen(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints whose rules match no event at all, in figures that know these rules."""
    if ground.analysis is None:
        return
    asked = {one.key: one.rules for one in ground.analysis.plan.touchpoints}
    met = {one.touchpoint for one in ground.analysis.lived.touchpoints if one.touches}
    for one in ground.live:
        if one.rules and one.key not in met and asked.get(one.key) == one.rules:
            values = {"touches": ground.analysis.touches}
            yield Finding(Kind.NEVER_SEEN, Severity.MEDIUM, (one.key,), values=values, field="rules")


def dead(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints that demonstrably do nothing, or that nobody has met for long."""
    for one in ground.live:
        judgement = ground.judgements.get(one.key)
        if judgement is not None and judgement.verdict is Verdict.DEAD:
            values = {"judgement": judgement}
            yield Finding(Kind.DEAD, Severity.MEDIUM, (one.key,), values=values, field="status")


def annoys(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints that annoy; those that cost customers come first."""
    for one in ground.live:
        judgement = ground.judgements.get(one.key)
        if judgement is not None and judgement.verdict is Verdict.ANNOYS:
            costs = judgement.reason in (Reason.COSTS, Reason.BREAKS_OFTEN)
            severity = Severity.HIGH if costs else Severity.MEDIUM
            yield Finding(Kind.ANNOYS, severity, (one.key,), values={"judgement": judgement}, field="timing")


def target_missed(ground: Ground) -> Iterator[Finding]:
    """Find success metrics that are off their target; grave where the whole interval is."""
    if ground.analysis is None:
        return
    lived = {one.touchpoint: one for one in ground.analysis.lived.touchpoints}
    for one in ground.live:
        if one.metric is None or one.key not in lived:
            continue
        actual = actual_of(one.metric, lived[one.key], ground.analysis)
        if actual is None or one.metric.reached(actual.estimate):
            continue
        best = actual.low if one.metric.falling else actual.high
        proven = not one.metric.reached(best)
        severity = Severity.HIGH if proven else Severity.LOW
        values = {"metric": one.metric, "actual": actual, "proven": proven}
        yield Finding(Kind.TARGET_MISSED, severity, (one.key,), values=values, field="metric")


def actual_of(metric: Metric, lived: TouchpointExperience, analysis: Analysis) -> Estimate | None:
    """Return what a metric is at a touchpoint; None where it cannot be told of a single touchpoint.

    Touches and persons are those of the last complete month, counted and therefore without an interval.
    """
    rated = lived.bad + lived.neutral + lived.good
    match metric.measure:
        case Measure.NET_EXPERIENCE:
            return lived.experience
        case Measure.BAD_SHARE:
            return share(lived.bad, rated) if rated else None
        case Measure.DROP_OFF:
            return lived.drop_off
        case Measure.TOUCHES | Measure.PERSONS:
            return _last_month(metric.measure, lived.touchpoint, analysis)
        case _:
            return None


def _last_month(measure: Measure, touchpoint: str, analysis: Analysis) -> Estimate | None:
    monthly = analysis.monthly
    complete = monthly.months if monthly.last_complete else monthly.months[:-1]
    if not complete:
        return None
    months = next((one.months for one in monthly.touchpoints if one.touchpoint == touchpoint), ())
    cell = next((one for one in months if one.start == complete[-1]), None)
    count = 0 if cell is None else cell.persons if measure is Measure.PERSONS else cell.touches
    return Estimate(float(count), float(count), float(count), count)
