"""From effects to verdicts: class, size, and how much more would have to be known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.analysis.insight import Estimate, MomentClass
from wegmarke.analysis.statistics.sensitivity import e_value

if TYPE_CHECKING:
    from wegmarke.analysis.insight import Effect

ALPHA = 0.05
OFTEN_BAD = 0.10
"""From this share of bad among rated touches on, a touchpoint counts as often bad."""

MOST_TOUCHES_NEEDED = 10_000_000


@dataclass(frozen=True, slots=True)
class Effects:
    """The four effects of one touchpoint, q corrected."""

    bad_on_leaving: Effect | None
    good_on_moving_on: Effect | None
    touch_on_leaving: Effect | None
    touch_on_moving_on: Effect | None


def raises(effect: Effect | None, margin: float) -> bool:
    """Whether an effect is shown to be above 0 after correction and is large enough to matter."""
    return effect is not None and effect.q <= ALPHA and effect.low > 0 and effect.estimate >= margin


def harmless(effect: Effect | None, margin: float) -> bool:
    """Whether the whole interval lies within the margin: equivalence shown, not merely not significant."""
    return effect is not None and -margin < effect.low and effect.high < margin


def classify(effects: Effects, *, often_bad: bool, started_by_company: bool, margin: float) -> MomentClass:
    """Return the class of a touchpoint; the first that holds, the most costly first.

    The touch itself is blamed for leaving only where the company is known to start it: somebody who asks for
    help because something went wrong is not driven away by asking, and a journey that ends well ends, too.
    """
    if raises(effects.bad_on_leaving, margin):
        return MomentClass.BREAKS
    if raises(effects.touch_on_leaving, margin) and started_by_company:
        return MomentClass.ANNOYS_COSTS
    if raises(effects.good_on_moving_on, margin) and harmless(effects.bad_on_leaving, margin):
        return MomentClass.DELIGHTS
    if raises(effects.good_on_moving_on, margin) or raises(effects.touch_on_moving_on, margin):
        return MomentClass.ADVANCES
    if often_bad and harmless(effects.bad_on_leaving, margin):
        return MomentClass.ANNOYS_HARMLESS
    return MomentClass.UNPROVEN


def deciding(
    effects: Effects, verdict: MomentClass, *, started_by_company: bool, margin: float
) -> Effect | None:
    """Return the effect a verdict rests on; where nothing is proven, one that could still be."""
    if verdict is MomentClass.ANNOYS_COSTS:
        return effects.touch_on_leaving
    if verdict in (MomentClass.DELIGHTS, MomentClass.ADVANCES):
        good = effects.good_on_moving_on
        return good if raises(good, margin) else effects.touch_on_moving_on
    blamable = effects.touch_on_leaving if started_by_company else None
    known = (effects.bad_on_leaving, effects.good_on_moving_on, blamable, effects.touch_on_moving_on)
    return next((e for e in known if e is not None), None)


def sensitivity(effect: Effect | None) -> tuple[float | None, float | None]:
    """Return the E-value of the estimate, and of the bound next to no effect (1 if that covers 0)."""
    if effect is None:
        return None, None
    point = e_value(effect.treated_rate, effect.control_rate)
    if effect.low <= 0 <= effect.high:
        return point, 1.0
    near = effect.low if effect.low > 0 else effect.high
    return point, e_value(min(max(effect.control_rate + near, 0.0), 1.0), effect.control_rate)


def touches_needed(effect: Effect | None, margin: float) -> int | None:
    """Return how many further treated touches would settle an unproven effect, roughly.

    Either the estimate is as large as it looks and its interval must clear 0, or it is small and its interval
    must fit within the margin. The width falls with the square root of the number. None where the effect is
    not estimated, is settled already, or lies so close to the edge that no number promises an answer.
    """
    if effect is None:
        return None
    half = (effect.high - effect.low) / 2
    target = abs(effect.estimate) if effect.estimate >= margin else margin - abs(effect.estimate)
    if target < margin / 10:
        return None
    needed = math.ceil(effect.n * ((half / target) ** 2 - 1))
    return min(needed, MOST_TOUCHES_NEEDED) if needed > 0 else None


def per_quarter(effect: Effect | None, cases: float, worth: float = 1.0) -> Estimate | None:
    """Return effect x cases per quarter x worth, with the interval of the effect."""
    if effect is None:
        return None
    factor = cases * worth
    return Estimate(effect.estimate * factor, effect.low * factor, effect.high * factor, round(cases))
