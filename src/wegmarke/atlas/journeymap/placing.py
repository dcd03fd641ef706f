"""Which touchpoint stands in which phase of a journey, as planned and as lived. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap.content import Kind, View
from wegmarke.atlas.lived_places import OUTSIDE, lived_places
from wegmarke.plan.contracts import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.atlas.lived_places import LivedPlace
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Journey, Plan, Touchpoint

MOST_UNPLANNED = 12
"""So many events that are not in the plan are drawn; the others are counted."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A touchpoint at one place; `home` is its planned phase (key), `lived` where it happens, if known."""

    key: str
    kind: Kind
    touchpoint: Touchpoint | None
    home: str = OUTSIDE
    lived: LivedPlace | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """What stands where, by the key of a phase or step or `OUTSIDE`; `left_out` counts further events.

    `counted` says that the figures know where on this journey touches happen; without, all stands as planned.
    """

    places: Mapping[str, tuple[Placed, ...]]
    left_out: int = 0
    facts: Mapping[str, TouchpointExperience] = field(default_factory=dict)
    counted: bool = True


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record says: figures and place of each touchpoint met, and which were looked for at all."""

    facts: Mapping[str, TouchpointExperience]
    lived: Mapping[str, LivedPlace]
    asked: frozenset[str]


def place(plan: Plan, journey: Journey, analysis: Analysis | None, view: View) -> Placing:
    """Place every touchpoint of the plan, and what the record holds besides."""
    recorded = None if view is View.PLANNED else analysis
    if recorded is None:
        return Placing(_gathered(_planned(plan, journey, view, _Known({}, {}, frozenset()))))
    facts = {one.touchpoint: one for one in recorded.lived.touchpoints if one.touches}
    lived = lived_places(plan, journey, recorded) if journey.phases else {}
    known = _Known(facts, lived or {}, frozenset(one.key for one in recorded.plan.touchpoints))
    planned = {touchpoint.key for touchpoint in plan.touchpoints}
    unplanned = sorted((f for key, f in facts.items() if key not in planned), key=lambda fact: -fact.touches)
    placed = [*_planned(plan, journey, view, known), *_unplanned(unplanned[:MOST_UNPLANNED], view, known)]
    left_out = max(0, len(unplanned) - MOST_UNPLANNED)
    return Placing(_gathered(placed), left_out, facts, counted=lived is not None)


def _gathered(placed: Iterable[tuple[str, Placed]]) -> dict[str, tuple[Placed, ...]]:
    found: dict[str, list[Placed]] = {}
    for at, one in placed:
        found.setdefault(at, []).append(one)
    return {at: tuple(ones) for at, ones in found.items()}


def _planned(plan: Plan, journey: Journey, view: View, known: _Known) -> Iterator[tuple[str, Placed]]:
    for touchpoint in plan.touchpoints:
        yield from _places_of(touchpoint, journey, view, known)


def _unplanned(
    facts: Iterable[TouchpointExperience], view: View, known: _Known
) -> Iterator[tuple[str, Placed]]:
    for fact in facts:
        lived = known.lived.get(fact.touchpoint)
        at = lived.phase if view is View.LIVED and lived is not None else OUTSIDE
        yield at, Placed(fact.touchpoint, Kind.UNPLANNED, None, lived=lived)


def home_of(touchpoint: Touchpoint, journey: Journey) -> tuple[str, str]:
    """Return the phase and the place (phase or step) a touchpoint mainly has in a journey; empty: none."""
    for key in touchpoint.phases:
        if (phase := journey.phase_of(key)) is not None:
            return phase.key, key
    return OUTSIDE, OUTSIDE


def _places_of(
    touchpoint: Touchpoint, journey: Journey, view: View, known: _Known
) -> Iterator[tuple[str, Placed]]:
    seen = touchpoint.key in known.facts
    if touchpoint.status is Status.RETIRED and not seen:
        return
    phase, at = home_of(touchpoint, journey)
    lived = known.lived.get(touchpoint.key)
    kind = _kind(touchpoint, seen=seen, asked=touchpoint.key in known.asked)
    one = Placed(touchpoint.key, kind, touchpoint, phase, lived)
    if view is View.LIVED:
        if seen or kind is Kind.NEVER:
            yield (phase if lived is None else lived.phase), one
        return
    yield at, one
    also = {other for other in touchpoint.phases if other != at and journey.phase_of(other) is not None}
    for other in also:
        yield other, Placed(touchpoint.key, Kind.ALSO, touchpoint, phase, lived)
    if view is View.BOTH and lived is not None and _happens_in_another(lived, phase):
        yield lived.phase, Placed(touchpoint.key, Kind.HERE_LIVED, touchpoint, phase, lived)


def _happens_in_another(lived: LivedPlace, home: str) -> bool:
    return lived.phase not in (OUTSIDE, home) and (lived.elsewhere or home == OUTSIDE)


def _kind(touchpoint: Touchpoint, *, seen: bool, asked: bool) -> Kind:
    if touchpoint.status is not Status.LIVE:
        return Kind.NOT_LIVE
    return Kind.NEVER if asked and not seen else Kind.PLAIN
