"""What is true of the demo company: the planted classes, and the exact effects its schedules imply.

Every touch has a hazard of leaving, so what a bad experience does is no estimate: along the schedule of the
person the chance to have left within the horizon follows in closed form, with the experience and without it.
Steps forward are taken likewise: with the planted share and without it. Averaged over those who had it, this
is the effect the moments look for. docs/guide/demo.md has the derivation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.insight import MomentClass
from wegmarke.demo.calendar import DAYS
from wegmarke.demo.diary import NO_CAUSE
from wegmarke.demo.kinds import BAD, CODE, GOALS, GOOD, KINDS, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.demo.generate import Generated

QUIET_DAYS = 60.0
HORIZON_DAYS = 30.0
NOTHING_PLANTED = frozenset({MomentClass.UNPROVEN, MomentClass.ANNOYS_HARMLESS})
"""Where nothing was planted, harmlessness may be shown or not; anything else would be a false claim."""


@dataclass(frozen=True, slots=True)
class PlantedEffect:
    """True effects at one touchpoint as risk differences; None where nothing was planted or none happened.

    `bad_on_leaving` holds for those who had the bad experience, `good_on_moving_on` for those who had the
    good one, against the same life with another experience. `touch_on_leaving` and `touch_on_moving_on` hold
    for those touched, against the average of all touches: the moments compare a touch with others, too.
    """

    bad_on_leaving: float | None = None
    good_on_moving_on: float | None = None
    touch_on_leaving: float | None = None
    touch_on_moving_on: float | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """Planted classes of the touchpoints of the plan, the confounded traps, and the true effects."""

    planted: dict[str, MomentClass]
    traps: tuple[str, ...]
    undocumented: tuple[str, ...]
    effects: dict[str, PlantedEffect]

    def allows(self, touchpoint: str, verdict: MomentClass) -> bool:
        """Whether a verdict is no false claim."""
        planted = self.planted.get(touchpoint)
        return verdict in NOTHING_PLANTED if planted is None else verdict is planted


def planted() -> dict[str, MomentClass]:
    """Return the class planted at each touchpoint that has one."""
    return {kind.key: kind.truth for kind in KINDS if kind.truth is not None}


def traps() -> tuple[str, ...]:
    """Return the touchpoints where bad experiences happen to those who leave anyway."""
    return tuple(kind.key for kind in KINDS if kind.trap > 1)


def undocumented() -> tuple[str, ...]:
    """Return the names of the events that are in no plan."""
    return tuple(kind.event for kind in KINDS if not kind.planned)


def truth_of(made: Generated) -> Truth:
    """Return the truth of one generated company."""
    course = _course(made)
    usual = _usual(made, course)
    effects = {kind.key: _effect(kind, made, course, usual) for kind in KINDS if kind.planned}
    return Truth(planted(), traps(), undocumented(), effects)


@dataclass(frozen=True, slots=True)
class _Course:
    """Where each touch stands in its schedule.

    `survival` is the running sum of log(1 - hazard); `window` the last touch after which leaving still shows
    within the horizon; `silent` whether a gap of the schedule shows as leaving anyway; `known` whether the
    touch came to pass, its horizon lies within the data, and the person counted as present.
    """

    survival: NDArray[np.float64]
    window: NDArray[np.int64]
    silent: NDArray[np.bool_]
    known: NDArray[np.bool_]


def _course(made: Generated) -> _Course:
    touches, people = made.lives.touches, made.people
    spoken = np.array([not kind.by_company and kind.planned for kind in KINDS])[touches.kind]
    place = np.arange(len(touches))
    begins = np.searchsorted(touches.person, touches.person)
    last_spoken = np.maximum.accumulate(np.where(spoken, place, -1))
    present = last_spoken >= begins
    spoke = np.where(present, touches.day[np.maximum(last_spoken, 0)], np.inf)
    farewell = people.cancels_after[touches.person]
    # Who leaves after this touch was heard of last then: by the touch before, or by a cancellation.
    heard = np.where(np.isnan(farewell), spoke, touches.day + np.nan_to_num(farewell))
    heard = np.where(present, heard, touches.day)
    key = touches.person * (4.0 * DAYS)
    window = np.searchsorted(key + heard, key + touches.day + HORIZON_DAYS, side="right") - 1
    window = np.maximum(np.minimum(window, _ends(touches.person)), place)
    return _Course(
        survival=np.cumsum(np.log1p(-np.minimum(made.lives.hazard, 1 - 1e-12))),
        window=window,
        silent=_falls_silent(touches.person, touches.day, spoken, last_spoken),
        known=made.lives.lived
        & present
        & (touches.day + HORIZON_DAYS + QUIET_DAYS < DAYS)
        & (touches.day < spoke + QUIET_DAYS),
    )


def _ends(person: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(person, person, side="right") - 1


def _falls_silent(
    person: NDArray[np.int64],
    day: NDArray[np.float64],
    spoken: NDArray[np.bool_],
    last_spoken: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return whether the schedule itself falls silent for long enough within the horizon of each touch."""
    own = np.flatnonzero(spoken)
    same = np.concatenate([person[own][1:] == person[own][:-1], [False]])
    gap = np.where(same, np.diff(day[own], append=0.0), np.inf)
    silences = np.zeros(len(person) + 1, np.int64)
    silences[own + 1] = gap > QUIET_DAYS
    silences = np.cumsum(silences)
    key = person * (4.0 * DAYS)
    until = np.searchsorted(key + day, key + day + HORIZON_DAYS, side="right")
    return silences[until] > silences[np.maximum(last_spoken, 0)]


def _usual(made: Generated, course: _Course) -> tuple[float, float]:
    """Return what all touches do to leaving and to moving on, on average."""
    at = np.flatnonzero(course.known & np.array([kind.planned for kind in KINDS])[made.lives.touches.kind])
    moved = np.zeros(len(at))
    advancing = _advancing(made, at)
    moved[advancing] = _on_moving(made, course, at[advancing])
    return _mean(_on_leaving(made, course, at)) or 0.0, _mean(moved) or 0.0


def _advancing(made: Generated, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which touches may be followed by a planted step forward."""
    touches = made.lives.touches
    by_touch = np.array([kind.good == 0 for kind in KINDS])[touches.kind[at]]
    advances = np.array([kind.advances > 0 for kind in KINDS])[touches.kind[at]]
    may: NDArray[np.bool_] = advances & (by_touch | (touches.felt[at] == GOOD))
    return may


def _effect(kind: Kind, made: Generated, course: _Course, usual: tuple[float, float]) -> PlantedEffect:
    touches = made.lives.touches
    at = np.flatnonzero((touches.kind == CODE[kind.key]) & course.known)
    bad, good = at[touches.felt[at] == BAD], at[touches.felt[at] == GOOD]
    by_touch = kind.good == 0
    return PlantedEffect(
        bad_on_leaving=_mean(_on_leaving(made, course, bad)) if kind.breaks else None,
        good_on_moving_on=_mean(_on_moving(made, course, good)) if kind.goal and not by_touch else None,
        touch_on_leaving=_mean(_on_leaving(made, course, at) - usual[0]) if kind.costs else None,
        touch_on_moving_on=_mean(_on_moving(made, course, at) - usual[1]) if kind.goal and by_touch else None,
    )


def _mean(effects: NDArray[np.float64]) -> float | None:
    return float(effects.mean()) if len(effects) else None


def _on_leaving(made: Generated, course: _Course, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance to have left within the horizon, with what was planted at these touches minus without it."""
    stays_after = np.exp(course.survival[course.window[at]] - course.survival[at])
    # Without the bad experience its consequences (a form to fill in) would not have come either.
    stays_without = stays_after / np.exp(_caused(made, course)[at])
    here, own = made.lives.hazard[at], made.lives.without[at]
    effect = (1 - own) * stays_without - (1 - here) * stays_after
    return np.where(course.silent[at], 0.0, effect)


def _caused(made: Generated, course: _Course) -> NDArray[np.float64]:
    """Return the log survival of the touches each touch caused within its window (goals are kept)."""
    touches = made.lives.touches
    goals = np.isin(touches.kind, [CODE[key] for key in GOALS])
    child = np.flatnonzero((touches.cause != NO_CAUSE) & ~goals)
    child = child[child <= course.window[touches.cause[child]]]
    total = np.zeros(len(touches))
    np.add.at(total, touches.cause[child], np.log1p(-made.lives.hazard[child]))
    return total


def _on_moving(made: Generated, course: _Course, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance of a step forward within the horizon, with the planted share minus without.

    A planted step comes 1 to 12 days later, evenly; the mean over the days is taken on a grid. It counts
    where the person is still there then, and where no other step would have come within the horizon anyway.
    """
    touches = made.lives.touches
    share = np.array([kind.advances for kind in KINDS])[touches.kind[at]]
    key = touches.person * (4.0 * DAYS)
    stays = np.zeros(len(at))
    grid = 1 + 11 * (np.arange(22) + 0.5) / 22
    for delay in grid:
        before = np.searchsorted(key + touches.day, key[at] + touches.day[at] + delay) - 1
        stays += np.exp(course.survival[before] - course.survival[at]) / len(grid)
    other = _other_step(made, course, at)
    return share * (1 - made.lives.hazard[at]) * np.maximum(stays - other, 0.0)


def _other_step(made: Generated, course: _Course, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the chance of another step forward within the horizon, given one stays at the touch."""
    touches = made.lives.touches
    steps = np.flatnonzero(np.isin(touches.kind, [CODE[key] for key in GOALS]))
    first = np.searchsorted(steps, at, side="right")
    for _ in range(2):  # its own planted step is not another one
        step = steps[np.minimum(first, len(steps) - 1)]
        first += (first < len(steps)) & (touches.cause[step] == at)
    step = steps[np.minimum(first, len(steps) - 1)]
    counts = (
        (first < len(steps))
        & (touches.person[step] == touches.person[at])
        & (touches.day[step] <= touches.day[at] + HORIZON_DAYS)
    )
    return np.where(counts, np.exp(course.survival[np.maximum(step - 1, at)] - course.survival[at]), 0.0)
