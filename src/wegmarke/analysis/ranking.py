"""All verdicts together: sizes, order, and the few that make most of the effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis import situations
from wegmarke.analysis.insight import Effect, Estimate, Moment, MomentClass, MomentsInsight, StratumEvidence
from wegmarke.analysis.journeys import Experience, StartedBy
from wegmarke.analysis.kernels import moments as kernel
from wegmarke.analysis.risks import VALUE_PARTS
from wegmarke.analysis.verdicts import (
    OFTEN_BAD,
    Effects,
    classify,
    deciding,
    per_quarter,
    sensitivity,
    touches_needed,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.risks import Ground, RiskTally, Terms

MOST_EVIDENCE = 12
CLAIMED = (MomentClass.BREAKS, MomentClass.ANNOYS_COSTS, MomentClass.ADVANCES, MomentClass.DELIGHTS)
BAD, GOOD = int(Experience.BAD), int(Experience.GOOD)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the same for all touchpoints while they are judged."""

    terms: Terms
    ground: Ground
    risk: RiskTally
    labels: tuple[tuple[str, ...], ...]
    value_per_person: float | None


def insight(terms: Terms, ground: Ground, risk: RiskTally, rows: list[Effects]) -> MomentsInsight:
    """Return all judged touchpoints, the largest proven effect first."""
    first = ground.first
    worth = first.value / VALUE_PARTS / first.valued_persons if first.valued_persons else None
    scene = Scene(terms, ground, risk, tuple(labels for _, labels in first.attributes), worth)
    leaving = set(terms.outcome.leaving)
    moments = [
        _moment(scene, column, effects)
        for column, effects in enumerate(rows)
        if first.landscape.touchpoints[ground.judged[column]] not in leaving
    ]
    totals = risk.table.sum(axis=(0, 1, 2))
    n = max(int(totals[kernel.TOUCHED]), 1)
    return MomentsInsight(
        moments=_ranked(moments),
        start=terms.period.start,
        end=terms.period.end,
        persons=first.persons,
        touches=first.touches,
        judged_touches=int(totals[kernel.TOUCHED]),
        leaving_rate=float(totals[kernel.RISK_LEFT] / n),
        moving_on_rate=float(totals[kernel.RISK_MOVED] / n),
        strata=int(np.count_nonzero(risk.table[..., kernel.TOUCHED].sum(axis=(1, 2)))),
        situation=situations.describe(ground.coarsening, first.landscape, scene.labels),
        horizon_days=terms.outcome.horizon_days,
        quiet_days=terms.outcome.quiet_days,
        margin=terms.margin,
        value_per_person=worth,
    )


def _moment(scene: Scene, column: int, effects: Effects) -> Moment:
    terms, landscape = scene.terms, scene.ground.first.landscape
    code = scene.ground.judged[column]
    felt = scene.risk.table[:, column, :, kernel.TOUCHED].sum(axis=0)
    rated = int(felt[1:].sum())
    by_company = landscape.started_by[code] is StartedBy.COMPANY
    often_bad = rated > 0 and bool(felt[BAD] >= OFTEN_BAD * rated)
    verdict = classify(effects, often_bad=often_bad, started_by_company=by_company, margin=terms.margin)
    decisive = deciding(effects, verdict, started_by_company=by_company, margin=terms.margin)
    e_value, bound = sensitivity(decisive)
    quarters = terms.period.quarters
    lost, won = _sizes(verdict, effects, scene.risk.quarters[column] / quarters, int(felt.sum()) / quarters)
    worth = scene.value_per_person
    return Moment(
        touchpoint=landscape.touchpoints[code],
        moment_class=verdict,
        touches=int(felt.sum()),
        rated=rated,
        bad=int(felt[BAD]),
        good=int(felt[GOOD]),
        bad_on_leaving=effects.bad_on_leaving,
        good_on_moving_on=effects.good_on_moving_on,
        touch_on_leaving=effects.touch_on_leaving,
        touch_on_moving_on=effects.touch_on_moving_on,
        e_value=e_value,
        e_value_bound=bound,
        lost_persons_per_quarter=lost,
        won_persons_per_quarter=won,
        lost_value_per_quarter=None if lost is None or worth is None else _scaled(lost, worth),
        cumulated_share=None,
        touches_needed=touches_needed(decisive, terms.margin) if verdict is MomentClass.UNPROVEN else None,
        evidence=_evidence(scene, column),
        started_by=landscape.started_by[code],
    )


def _sizes(
    verdict: MomentClass, effects: Effects, persons: NDArray[np.float64], touches: float
) -> tuple[Estimate | None, Estimate | None]:
    """Return persons lost and won per quarter.

    Lost: the bad experience's effect times the distinct persons who have one in a quarter; for a contact that
    costs, the effect of the contact times its contacts. Won likewise.
    """
    bad, good = float(persons[0]), float(persons[1])
    lost = per_quarter(effects.bad_on_leaving, bad)
    if verdict is MomentClass.ANNOYS_COSTS:
        lost = per_quarter(effects.touch_on_leaving, touches)
    won = per_quarter(effects.good_on_moving_on, good)
    return lost, won


def _scaled(size: Estimate, worth: float) -> Estimate:
    return Estimate(size.estimate * worth, size.low * worth, size.high * worth, size.n)


def _evidence(scene: Scene, column: int) -> tuple[StratumEvidence, ...]:
    """Return the situations with most bad experiences, bad against not bad."""
    cells = scene.risk.table[:, column]
    bad = cells[:, BAD]
    rest = cells[:, BAD + 1 :].sum(axis=1)
    order = np.argsort(-bad[:, kernel.TOUCHED], kind="stable")[:MOST_EVIDENCE]
    return tuple(
        StratumEvidence(
            situation=situations.words(
                scene.ground.coarsening, int(s), scene.ground.first.landscape, scene.labels
            ),
            bad=int(bad[s, kernel.TOUCHED]),
            bad_left=int(bad[s, kernel.RISK_LEFT]),
            not_bad=int(rest[s, kernel.TOUCHED]),
            not_bad_left=int(rest[s, kernel.RISK_LEFT]),
        )
        for s in order
        if bad[s, kernel.TOUCHED]
    )


def _weight(moment: Moment) -> float:
    """Return the persons a proven moment costs or wins per quarter."""
    if moment.moment_class in (MomentClass.BREAKS, MomentClass.ANNOYS_COSTS):
        return moment.lost_persons_per_quarter.estimate if moment.lost_persons_per_quarter else 0.0
    if moment.moment_class in CLAIMED:
        return moment.won_persons_per_quarter.estimate if moment.won_persons_per_quarter else 0.0
    return 0.0


def _ranked(moments: list[Moment]) -> tuple[Moment, ...]:
    """Return proven moments by size with their cumulated share, then the others by what they may cost."""
    order = sorted(
        moments,
        key=lambda m: (m.moment_class not in CLAIMED, -_weight(m), -_likely(m), m.touchpoint),
    )
    total = sum(_weight(m) for m in order)
    so_far, ranked = 0.0, []
    for moment in order:
        so_far += _weight(moment)
        counts = total > 0 and moment.moment_class in CLAIMED
        ranked.append(replace(moment, cumulated_share=so_far / total) if counts else moment)
    return tuple(ranked)


def _likely(moment: Moment) -> float:
    effect: Effect | None = moment.bad_on_leaving
    return effect.estimate * moment.bad if effect else float("-inf")
