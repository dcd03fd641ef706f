"""The verdict on a touchpoint: works, dead, annoys or unknown, from what was measured. Pure.

Which evidence gives which verdict, and what a verdict does not say: docs/methods/audit.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wegmarke.analysis.insight import MomentClass
from wegmarke.analysis.journeys import StartedBy
from wegmarke.analysis.verdicts import Effects as Measured
from wegmarke.analysis.verdicts import deciding, harmless, raises

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.analysis.insight import Effect, Estimate, Moment, TouchpointExperience
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan

DAY = 86_400
OFTEN_BAD = 0.25
"""A touchpoint annoys when the lower end of its share of bad experiences reaches this."""
SILENT_DAYS = 183
"""A touchpoint nobody met for so long is dead, whatever it once did."""
STURDY, FAIR = 2.0, 1.25
"""E-values of the cautious end of an interval from which a finding is sturdy, and fairly sturdy."""


class Verdict(StrEnum):
    """What a touchpoint is good for."""

    WORKS = "works"
    DEAD = "dead"
    ANNOYS = "annoys"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """What a verdict rests on."""

    GOOD_MOVES = "good_moves"
    TOUCH_MOVES = "touch_moves"
    DELIGHTS = "delights"
    MATTERS = "matters"
    NO_EFFECT = "no_effect"
    SILENT = "silent"
    COSTS = "costs"
    BREAKS_OFTEN = "breaks_often"
    HARMLESS = "harmless"
    OFTEN_BAD = "often_bad"
    NEVER_SEEN = "never_seen"
    NOT_JUDGED = "not_judged"
    UNDECIDED = "undecided"


VERDICTS: Mapping[Reason, Verdict] = {
    Reason.GOOD_MOVES: Verdict.WORKS,
    Reason.TOUCH_MOVES: Verdict.WORKS,
    Reason.DELIGHTS: Verdict.WORKS,
    Reason.MATTERS: Verdict.WORKS,
    Reason.NO_EFFECT: Verdict.DEAD,
    Reason.SILENT: Verdict.DEAD,
    Reason.COSTS: Verdict.ANNOYS,
    Reason.BREAKS_OFTEN: Verdict.ANNOYS,
    Reason.HARMLESS: Verdict.ANNOYS,
    Reason.OFTEN_BAD: Verdict.ANNOYS,
    Reason.NEVER_SEEN: Verdict.UNKNOWN,
    Reason.NOT_JUDGED: Verdict.UNKNOWN,
    Reason.UNDECIDED: Verdict.UNKNOWN,
}


class Strength(StrEnum):
    """How much it would take to overturn a verdict."""

    STURDY = "sturdy"
    FAIR = "fair"
    FRAGILE = "fragile"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Terms:
    """What verdicts are decided with: when the data end (Unix seconds), the margin, and two limits."""

    end: int
    margin: float
    often_bad: float = OFTEN_BAD
    silent_days: float = SILENT_DAYS


@dataclass(frozen=True, slots=True)
class Seen:
    """What happened at a touchpoint; `last_touch` in Unix seconds, None where that is not known.

    `bad` is the share of bad experiences among the rated ones, None where nobody rated.
    """

    touches: int
    persons: int
    bad: Estimate | None = None
    last_touch: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with what it rests on.

    `effect` is the one that decided; `needed` how many further touches would roughly settle what is unknown
    (None: no number promises an answer).
    """

    touchpoint: str
    verdict: Verdict
    reason: Reason
    strength: Strength
    seen: Seen
    moment: Moment | None = None
    effect: Effect | None = None
    needed: int | None = None

    @property
    def bad(self) -> Estimate | None:
        """The share of bad experiences among the rated ones."""
        return self.seen.bad


def verdict_of(touchpoint: str, moment: Moment | None, seen: Seen, terms: Terms) -> Judgement:
    """Return the verdict on one touchpoint; `moment` is None where none was judged."""
    reason = _reason(moment, seen, terms)
    effect = None if moment is None else _deciding(moment, reason, terms.margin)
    return Judgement(
        touchpoint=touchpoint,
        verdict=VERDICTS[reason],
        reason=reason,
        strength=_strength(reason, moment, effect, terms),
        seen=seen,
        moment=moment,
        effect=effect,
        needed=moment.touches_needed if moment is not None and reason is Reason.UNDECIDED else None,
    )


def _reason(moment: Moment | None, seen: Seen, terms: Terms) -> Reason:
    """Return what decides; the first that holds."""
    if seen.touches == 0:
        return Reason.NEVER_SEEN
    if seen.last_touch is not None and terms.end - seen.last_touch > terms.silent_days * DAY:
        return Reason.SILENT
    often = seen.bad is not None and seen.bad.low >= terms.often_bad
    if moment is not None and (proven := _proven(moment, terms.margin, often=often)) is not None:
        return proven
    if often:
        return Reason.OFTEN_BAD
    if moment is None:
        return Reason.NOT_JUDGED
    return Reason.NO_EFFECT if has_no_effect(moment, terms.margin) else Reason.UNDECIDED


def _proven(moment: Moment, margin: float, *, often: bool) -> Reason | None:
    match moment.moment_class:
        case MomentClass.ANNOYS_COSTS:
            return Reason.COSTS
        case MomentClass.BREAKS:
            return Reason.BREAKS_OFTEN if often else Reason.MATTERS
        case MomentClass.DELIGHTS:
            return Reason.DELIGHTS
        case MomentClass.ADVANCES:
            return Reason.GOOD_MOVES if raises(moment.good_on_moving_on, margin) else Reason.TOUCH_MOVES
        case MomentClass.ANNOYS_HARMLESS:
            return Reason.HARMLESS
        case MomentClass.UNPROVEN:
            return None


def has_no_effect(moment: Moment, margin: float) -> bool:
    """Say whether it is shown that nothing material follows: every effect that is known lies within ±margin.

    The touch itself must be known on both outcomes: where only one can be looked at, the other may be large.
    """
    touch = (moment.touch_on_leaving, moment.touch_on_moving_on)
    felt = (moment.bad_on_leaving, moment.good_on_moving_on)
    return all(harmless(one, margin) for one in touch) and all(
        harmless(one, margin) for one in felt if one is not None
    )


def _deciding(moment: Moment, reason: Reason, margin: float) -> Effect | None:
    if reason in (Reason.SILENT, Reason.OFTEN_BAD):
        return None
    if reason is Reason.NO_EFFECT:
        known = (
            moment.touch_on_leaving,
            moment.touch_on_moving_on,
            moment.bad_on_leaving,
            moment.good_on_moving_on,
        )
        return max((one for one in known if one is not None), key=_farthest)
    effects = Measured(
        moment.bad_on_leaving, moment.good_on_moving_on, moment.touch_on_leaving, moment.touch_on_moving_on
    )
    by_company = moment.started_by is StartedBy.COMPANY
    return deciding(effects, moment.moment_class, started_by_company=by_company, margin=margin)


def _farthest(effect: Effect) -> float:
    return max(abs(effect.low), abs(effect.high))


def _strength(reason: Reason, moment: Moment | None, effect: Effect | None, terms: Terms) -> Strength:
    if VERDICTS[reason] is Verdict.UNKNOWN:
        return Strength.NONE
    if reason in (Reason.SILENT, Reason.OFTEN_BAD):
        return Strength.STURDY  # what was seen, not what it does: nothing unmeasured can explain it away
    if reason in (Reason.NO_EFFECT, Reason.HARMLESS):
        inside = effect is not None and _farthest(effect) <= terms.margin / 2
        return Strength.STURDY if inside else Strength.FAIR
    bound = 1.0 if moment is None or moment.e_value_bound is None else moment.e_value_bound
    if bound >= STURDY:
        return Strength.STURDY
    return Strength.FAIR if bound >= FAIR else Strength.FRAGILE


def judged(analysis: Analysis, plan: Plan, **limits: float) -> dict[str, Judgement]:
    """Return the verdicts on all touchpoints of the plan as it stands and of the record, in its order.

    `limits` are `often_bad` and `silent_days`. What counts as leaving is no touchpoint to be judged.
    """
    insight = analysis.moments
    margin = analysis.plan.margin if insight is None else insight.margin
    terms = Terms(end=analysis.period.end, margin=margin, **limits)
    moments = {} if insight is None else {one.touchpoint: one for one in insight.moments}
    seen = {one.touchpoint: one for one in analysis.lived.touchpoints}
    last = {one.touchpoint: one.last_touch for one in analysis.monthly.touchpoints}
    leaving = () if analysis.plan.leaving is None else analysis.plan.leaving.touchpoints
    keys = dict.fromkeys((*(one.key for one in plan.touchpoints), *seen))
    return {
        key: verdict_of(key, moments.get(key), _seen(seen.get(key), last.get(key)), terms)
        for key in keys
        if key not in leaving
    }


def _seen(lived: TouchpointExperience | None, last_touch: int | None) -> Seen:
    if lived is None:
        return Seen(0, 0)
    return Seen(lived.touches, lived.persons, lived.bad_share, last_touch)
