"""What the figures say about single touchpoints: never seen, dead, annoying, target missed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas import measures
from wegmarke.atlas.audit.contracts import Finding, Kind, Severity
from wegmarke.atlas.verdicts import Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.atlas.audit.contracts import Ground


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
    for one in ground.live:
        if one.metric is None:
            continue
        actual = measures.actual_at(one.key, one.metric.measure, ground.analysis)
        if actual is None or one.metric.reached(actual.estimate):
            continue
        best = actual.low if one.metric.falling else actual.high
        proven = not one.metric.reached(best)
        severity = Severity.HIGH if proven else Severity.LOW
        values = {"metric": one.metric, "actual": actual, "proven": proven}
        yield Finding(Kind.TARGET_MISSED, severity, (one.key,), values=values, field="metric")
