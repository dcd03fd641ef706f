"""Who leaves when: hazards along everybody's schedule, and the schedule cut short where somebody leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wegmarke.demo.diary import NO_CAUSE, Touches
from wegmarke.demo.kinds import BAD, CODE, KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.demo.people import People

_LONGEST_GAP: Final = 30.0


@dataclass(frozen=True, slots=True)
class Lives:
    """The schedule sorted by person and day, with the hazard of leaving right after each touch.

    `without` is the hazard had the touch not been bad (or, for a contact that costs, not been made). `lived`
    marks the touches that come to pass; `left` the touch after which a person left. `cause` counts in this
    order, too.
    """

    touches: Touches
    hazard: NDArray[np.float64]
    without: NDArray[np.float64]
    lived: NDArray[np.bool_]
    left: NDArray[np.bool_]


def live(people: People, unsorted: Touches, rng: np.random.Generator) -> Lives:
    """Sort the schedule, give every touch its hazard, and let people leave."""
    order = np.lexsort((unsorted.day, unsorted.person))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    cause = unsorted.cause[order]
    touches = Touches(
        person=unsorted.person[order],
        day=unsorted.day[order],
        kind=unsorted.kind[order],
        felt=unsorted.felt[order],
        cause=np.where(cause == NO_CAUSE, NO_CAUSE, place[np.maximum(cause, 0)]),
    )
    own = _own_hazard(people, touches)
    planted = _planted(touches)
    hazard = 1 - (1 - own) * (1 - planted)
    leaves = rng.random(len(hazard)) < hazard
    first = _first_per_person(touches.person, leaves, len(people))
    place_now = np.arange(len(touches))
    return Lives(
        touches=touches,
        hazard=hazard,
        without=own,
        lived=_caused_by_the_living(touches, place_now <= first[touches.person]),
        left=place_now == first[touches.person],
    )


def _own_hazard(people: People, touches: Touches) -> NDArray[np.float64]:
    """Reasons of one's own: a rate per day, over the days until the next touch."""
    same = np.concatenate([touches.person[1:] == touches.person[:-1], [False]])
    gap = np.where(same, np.diff(touches.day, append=0.0), _LONGEST_GAP)
    hazard: NDArray[np.float64] = -np.expm1(-people.leaving[touches.person] * np.clip(gap, 0, _LONGEST_GAP))
    return hazard


def _planted(touches: Touches) -> NDArray[np.float64]:
    breaks = np.array([kind.breaks for kind in KINDS])[touches.kind]
    costs = np.array([kind.costs for kind in KINDS])[touches.kind]
    planted: NDArray[np.float64] = np.where(touches.felt == BAD, breaks, 0.0) + costs
    return planted


def _first_per_person(
    person: NDArray[np.int64], leaves: NDArray[np.bool_], persons: int
) -> NDArray[np.int64]:
    first = np.full(persons, len(person))
    at = np.flatnonzero(leaves)[::-1]
    first[person[at]] = at
    return first


def _caused_by_the_living(touches: Touches, lived: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drop what an unlived touch would have caused (it lies later anyway, unless both share a moment)."""
    caused = touches.cause != NO_CAUSE
    return lived & np.where(caused, lived[np.maximum(touches.cause, 0)], True)


def farewells(people: People, lives: Lives, ends: float) -> tuple[Touches, Touches]:
    """Return what those who leave still do (say so), and what is sent after them to win them back."""
    touches = lives.touches
    gone = np.flatnonzero(lives.left & ~people.anonymous[touches.person])
    who, day = (
        touches.person[gone],
        touches.day[gone] + np.nan_to_num(people.cancels_after[touches.person[gone]]),
    )
    says = ~np.isnan(people.cancels_after[who])
    page = _touches(who[says], day[says] - 0.01, "cancellation_page")
    word = _touches(who[says], day[says], "cancellation")
    back = _touches(who[::3], day[::3] + 70, "winback_mail")
    both = Touches(*(np.concatenate([getattr(page, c), getattr(word, c)]) for c in _COLUMNS))
    return _within(both, ends), _within(back, ends)


_COLUMNS: Final = ("person", "day", "kind", "felt", "cause")


def _touches(person: NDArray[np.int64], day: NDArray[np.float64], key: str) -> Touches:
    n = len(person)
    return Touches(person, day, np.full(n, CODE[key]), np.ones(n, np.int8), np.full(n, NO_CAUSE))


def _within(touches: Touches, ends: float) -> Touches:
    inside = touches.day < ends
    return Touches(*(getattr(touches, column)[inside] for column in _COLUMNS))


def joined(parts: tuple[Touches, ...]) -> Touches:
    """Return several lists of touches as one, by time."""
    every = Touches(*(np.concatenate([getattr(part, c) for part in parts]) for c in _COLUMNS))
    order = np.argsort(every.day, kind="stable")
    return Touches(*(getattr(every, column)[order] for column in _COLUMNS))


def lived_touches(lives: Lives) -> Touches:
    """Return the touches that came to pass."""
    return Touches(*(getattr(lives.touches, column)[lives.lived] for column in _COLUMNS))
