"""Made-up companies whose truth is known exactly, to see how well the moments are recovered.

Every person has a schedule of touches that would happen; at each touch they leave with a probability that
depends on their segment, on how active they were lately, on the touchpoint and on a bad experience there, and
they buy with a probability that depends on the touchpoint and on a good experience. Because the schedule does
not react to experiences, the probability of leaving within the horizon with and without the experience is a
finite product, and the true effect on those who had it is exact, not simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from wegmarke.analysis.insight import MomentClass
from wegmarke.analysis.journeys import Attribute, Experience, Journeys, Landscape, StartedBy
from wegmarke.analysis.outcomes import DAY, Outcome, Period

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS = 500
HORIZON_DAYS = 30
SEGMENTS = ("large", "medium", "small")
LEAVING, BUYING = "left", "bought"
BASE_LEAVING = np.array([0.003, 0.006, 0.015])
QUIET_EXTRA = 0.008
BASE_BUYING = np.array([0.02, 0.03, 0.015])


@dataclass(frozen=True, slots=True)
class Planted:
    """One touchpoint and what is true about it; probabilities per touch."""

    name: str
    bad: tuple[float, float, float]
    """Probability of a bad experience by segment."""
    bad_when_quiet: float = 0.0
    """Added where the person had fewer than two touches in 30 days, which also makes people leave."""
    good: float = 0.2
    rated: float = 0.8
    bad_leaves: float = 0.0
    good_buys: float = 0.0
    touch_leaves: float = 0.0
    touch_buys: float = 0.0
    started_by: StartedBy = StartedBy.CUSTOMER
    share: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """How common it is by segment."""
    expected: MomentClass | None = None
    """The class a perfect method would give; None where nothing should be claimed."""


BREAKS, DELIGHTS, ADVANCES = MomentClass.BREAKS, MomentClass.DELIGHTS, MomentClass.ADVANCES
COSTS, HARMLESS = MomentClass.ANNOYS_COSTS, MomentClass.ANNOYS_HARMLESS

COMPANY = (
    Planted("breaks 5", (0.15, 0.2, 0.3), bad_leaves=0.06, expected=BREAKS),
    Planted("breaks 8", (0.2, 0.2, 0.2), bad_leaves=0.08, expected=BREAKS),
    Planted("breaks 8 confounded", (0.05, 0.1, 0.3), bad_leaves=0.09, expected=BREAKS, share=(1, 1, 2)),
    Planted("breaks 12 rare", (0.15, 0.15, 0.15), bad_leaves=0.13, expected=BREAKS, share=(0.4, 0.4, 0.4)),
    Planted("delights 8", (0.1, 0.1, 0.1), good=0.35, good_buys=0.09, expected=DELIGHTS),
    Planted("delights 12", (0.12, 0.1, 0.1), good=0.3, good_buys=0.13, expected=DELIGHTS),
    Planted("advances 8", (0.1, 0.1, 0.1), rated=0.0, touch_buys=0.09, expected=ADVANCES),
    Planted("advances 6", (0.1, 0.1, 0.1), rated=0.0, touch_buys=0.07, expected=ADVANCES),
    Planted("costs 5", (0, 0, 0), rated=0.0, touch_leaves=0.06, started_by=StartedBy.COMPANY, expected=COSTS),
    Planted("costs 8", (0, 0, 0), rated=0.0, touch_leaves=0.08, started_by=StartedBy.COMPANY, expected=COSTS),
    Planted(
        "harmless 1",
        (0.35, 0.35, 0.35),
        good=0.1,
        expected=HARMLESS,
        share=(3, 3, 3),
        started_by=StartedBy.COMPANY,
    ),
    Planted("harmless 2", (0.3, 0.35, 0.4), good=0.1, expected=HARMLESS, share=(3, 3, 2)),
    Planted("harmless 3", (0.4, 0.3, 0.3), good=0.1, expected=HARMLESS, share=(2, 3, 3)),
    Planted("trap segment 1", (0.03, 0.1, 0.4)),
    Planted("trap segment 2", (0.05, 0.05, 0.5), share=(1, 1, 2)),
    Planted("trap segment 3", (0.1, 0.2, 0.5)),
    Planted("trap state 1", (0.08, 0.08, 0.08), bad_when_quiet=0.4),
    Planted("trap state 2", (0.02, 0.1, 0.2), bad_when_quiet=0.3),
    *(Planted(f"nothing {k}", (0.08, 0.1, 0.12), share=(1 + k % 3, 1, 1)) for k in range(6)),
)


@dataclass(frozen=True, slots=True)
class Company:
    """Observed journeys, and the true effect of each contrast per touchpoint (NaN where there is none)."""

    journeys: Journeys
    outcome: Outcome
    period: Period
    truth: dict[str, tuple[float, float, float, float]]


def simulate(seed: int, *, persons: int = 5_000, planted: tuple[Planted, ...] = COMPANY) -> Company:
    """Return one company. Deterministic by its seed."""
    rng = np.random.default_rng(seed)
    schedule = _schedule(rng, persons, planted)
    felt = _experiences(rng, schedule, planted)
    hazards = _hazards(schedule, felt, planted)
    left, alive = _leave(rng, schedule, hazards.leaving)
    bought = rng.random(len(alive)) < hazards.buying
    shown = np.where(rng.random(len(alive)) < hazards.rated, felt, Experience.UNKNOWN).astype(np.uint8)
    journeys = _journeys(schedule, shown, (alive, left, alive & bought), planted)
    truth = _truth(schedule, shown, alive, hazards, planted)
    outcome = Outcome(leaving=(LEAVING,), moving_on=(BUYING,), horizon_days=HORIZON_DAYS)
    return Company(journeys, outcome, Period(0, DAYS * DAY), truth)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The touches that would happen, sorted by person and time."""

    offsets: NDArray[np.int64]
    person: NDArray[np.int64]
    time: NDArray[np.int64]
    touchpoint: NDArray[np.int64]
    segment: NDArray[np.int64]
    quiet: NDArray[np.bool_]
    mix: NDArray[np.float64]
    """How common each touchpoint is, [segment, touchpoint]."""


@dataclass(frozen=True, slots=True)
class Hazards:
    """Per touch: probability to leave and to buy, the parts of them, and how likely it is rated."""

    leaving: NDArray[np.float64]
    buying: NDArray[np.float64]
    bad: NDArray[np.float64]
    rated: NDArray[np.float64]


def _schedule(rng: np.random.Generator, persons: int, planted: tuple[Planted, ...]) -> Schedule:
    segment = rng.choice(3, persons, p=(0.3, 0.4, 0.3))
    active = rng.random(persons) < 0.5
    number = rng.poisson(np.where(active, 0.20, 0.08) * DAYS)
    person = np.repeat(np.arange(persons), number)
    start = rng.uniform(0, 0.5, persons) * DAYS * DAY
    time = (start[person] + rng.random(len(person)) * (DAYS * DAY - start[person])).astype(np.int64)
    order = np.lexsort((time, person))
    person, time = person[order], time[order]
    mix = np.array([p.share for p in planted], float).T
    mix /= mix.sum(axis=1, keepdims=True)
    touchpoint = _draw(rng, mix[segment[person]])
    offsets = np.concatenate([[0], np.cumsum(number)])
    key = person * (4 * DAYS * DAY) + time
    earlier = np.searchsorted(key, key - 30 * DAY)
    recent = np.arange(len(key)) - np.maximum(earlier, offsets[person])
    return Schedule(offsets, person, time, touchpoint, segment[person], recent < 2, mix)


def _draw(rng: np.random.Generator, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    return (np.cumsum(shares, axis=1) < rng.random(len(shares))[:, None]).sum(axis=1)


def _bad_share(
    schedule: Schedule, planted: tuple[Planted, ...], touchpoint: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how likely a bad experience would be at `touchpoint` in the situation of each touch."""
    base = np.array([p.bad for p in planted])
    quiet = np.array([p.bad_when_quiet for p in planted])
    return base[touchpoint, schedule.segment] + quiet[touchpoint] * schedule.quiet


def _experiences(
    rng: np.random.Generator, schedule: Schedule, planted: tuple[Planted, ...]
) -> NDArray[np.int64]:
    bad = _bad_share(schedule, planted, schedule.touchpoint)
    good = np.array([p.good for p in planted])[schedule.touchpoint] * (1 - bad)
    u = rng.random(len(bad))
    return np.where(u < bad, Experience.BAD, np.where(u < bad + good, Experience.GOOD, Experience.NEUTRAL))


def _column(planted: tuple[Planted, ...], name: str) -> NDArray[np.float64]:
    return np.array([getattr(p, name) for p in planted], float)


def _base_leaving(schedule: Schedule) -> NDArray[np.float64]:
    return BASE_LEAVING[schedule.segment] + QUIET_EXTRA * schedule.quiet


def _hazards(schedule: Schedule, felt: NDArray[np.int64], planted: tuple[Planted, ...]) -> Hazards:
    at = schedule.touchpoint
    leaving = (
        _base_leaving(schedule)
        + _column(planted, "touch_leaves")[at]
        + _column(planted, "bad_leaves")[at] * (felt == Experience.BAD)
    )
    buying = (
        BASE_BUYING[schedule.segment]
        + _column(planted, "touch_buys")[at]
        + _column(planted, "good_buys")[at] * (felt == Experience.GOOD)
    )
    return Hazards(leaving, buying, _bad_share(schedule, planted, at), _column(planted, "rated")[at])


def _leave(
    rng: np.random.Generator, schedule: Schedule, hazard: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return at which touches persons leave, and which touches still happen."""
    leaves = rng.random(len(hazard)) < hazard
    before = np.cumsum(leaves) - leaves
    alive = before - before[np.minimum(schedule.offsets[:-1], len(before) - 1)][schedule.person] == 0
    return leaves & alive, alive


def _journeys(
    schedule: Schedule,
    shown: NDArray[np.uint8],
    happened: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
    planted: tuple[Planted, ...],
) -> Journeys:
    alive, left, bought = happened
    names = (*(p.name for p in planted), LEAVING, BUYING)
    starters = (*(p.started_by for p in planted), StartedBy.CUSTOMER, StartedBy.CUSTOMER)
    persons = len(schedule.offsets) - 1
    segment = np.zeros(persons, np.uint8)
    segment[schedule.person] = schedule.segment
    k = len(planted)
    # A touch, then buying, then leaving: one second apart.
    return Journeys.build(
        person=np.concatenate([schedule.person[m] for m in (alive, bought, left)]),
        seconds=np.concatenate([schedule.time[m] + d for d, m in enumerate((alive, bought, left))]),
        touchpoint=np.concatenate(
            [schedule.touchpoint[alive], np.full(bought.sum(), k + 1), np.full(left.sum(), k)]
        ),
        experience=np.concatenate([shown[alive], np.zeros(bought.sum() + left.sum(), np.uint8)]),
        landscape=Landscape(names, started_by=starters),
        persons=persons,
        attributes=(Attribute("segment", segment, SEGMENTS),),
    )


@njit(cache=True)
def _afterwards(offsets, time, leaving, buying, horizon):  # noqa: ANN001, ANN202
    """Return, per touch, the chance to stay through the rest of the horizon, and to buy nothing in it."""
    stay = np.ones(len(time))
    nothing = np.ones(len(time))
    for person in range(len(offsets) - 1):
        for i in range(offsets[person], offsets[person + 1]):
            last = i
            while last + 1 < offsets[person + 1] and time[last + 1] - time[i] < horizon:
                last += 1
            for j in range(last, i, -1):
                nothing[i] = (1 - buying[j]) * (leaving[j] + (1 - leaving[j]) * nothing[i])
                stay[i] *= 1 - leaving[j]
    return stay, nothing


def _truth(
    schedule: Schedule,
    shown: NDArray[np.uint8],
    alive: NDArray[np.bool_],
    hazards: Hazards,
    planted: tuple[Planted, ...],
) -> dict[str, tuple[float, float, float, float]]:
    """Return the true effect on those who had it: of bad, of good, and of the touch itself."""
    horizon = HORIZON_DAYS * DAY
    stay, nothing = _afterwards(schedule.offsets, schedule.time, hazards.leaving, hazards.buying, horizon)
    counted = alive & (schedule.time + horizon <= DAYS * DAY)
    mean_leaving, mean_buying, expected_bad, expected_good = _expected(schedule, planted)
    base_leaving, base_buying = _base_leaving(schedule), BASE_BUYING[schedule.segment]
    found = {}
    for k, p in enumerate(planted):
        here = counted & (schedule.touchpoint == k)
        bad, good = here & (shown == Experience.BAD), here & (shown == Experience.GOOD)
        bad_effect = float((p.bad_leaves * stay[bad]).mean()) if bad.any() else np.nan
        # Good against not good: some of the others had a bad experience, and may have left over it.
        share_bad = hazards.bad / (1 - p.good * (1 - hazards.bad))
        h0 = base_leaving + p.touch_leaves
        m0 = base_buying + p.touch_buys
        with_good = _buys(m0 + p.good_buys, h0, nothing)
        without = _buys(m0, h0 + share_bad * p.bad_leaves, nothing)
        good_effect = float((with_good - without)[good].mean()) if good.any() else np.nan
        # The touch against any other: the mixture of what else happens to the same segment in the same state.
        own_h, own_m = (
            expected_bad[k] * p.bad_leaves + p.touch_leaves,
            expected_good[k] * p.good_buys + p.touch_buys,
        )
        weight = schedule.mix[schedule.segment, k]
        other_h = (mean_leaving - weight * own_h) / (1 - weight)
        other_m = (mean_buying - weight * own_m) / (1 - weight)
        leaving = float(((own_h - other_h) * stay)[here].mean())
        buying = _buys(base_buying + own_m, base_leaving + own_h, nothing) - _buys(
            base_buying + other_m, base_leaving + other_h, nothing
        )
        found[p.name] = (bad_effect, good_effect, leaving, float(buying[here].mean()))
    return found


def _buys(
    m: NDArray[np.float64], h: NDArray[np.float64], nothing: NDArray[np.float64]
) -> NDArray[np.float64]:
    return 1 - (1 - m) * (h + (1 - h) * nothing)


def _expected(
    schedule: Schedule, planted: tuple[Planted, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Return the mean extra hazards over all touchpoints in each situation, and the shares behind them."""
    leaving, buying = np.zeros(len(schedule.time)), np.zeros(len(schedule.time))
    bads, goods = [], []
    for k, p in enumerate(planted):
        bad = _bad_share(schedule, planted, np.full(len(schedule.time), k))
        good = p.good * (1 - bad)
        weight = schedule.mix[schedule.segment, k]
        leaving += weight * (bad * p.bad_leaves + p.touch_leaves)
        buying += weight * (good * p.good_buys + p.touch_buys)
        bads.append(bad)
        goods.append(good)
    return leaving, buying, bads, goods
