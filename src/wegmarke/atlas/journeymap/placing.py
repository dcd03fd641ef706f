"""Which touchpoint stands in which phase of a journey, as planned and as lived. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wegmarke.atlas.journeymap.content import Kind, View
from wegmarke.atlas.journeymap.positions import lived_phases
from wegmarke.plan.contracts import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Journey, Plan, Touchpoint

OUTSIDE = ""
"""The place of what stands in no phase of the journey."""
MOST_UNPLANNED = 12
"""So many events that are not in the plan are drawn; the others are counted."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A touchpoint at one place; `home` is its planned phase (key), `lived` the one it is met in."""

    key: str
    kind: Kind
    touchpoint: Touchpoint | None
    home: str = OUTSIDE
    lived: str | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """What stands where, by the key of a phase or step or `OUTSIDE`; `left_out` counts further events."""

    places: Mapping[str, tuple[Placed, ...]]
    left_out: int = 0
    facts: Mapping[str, TouchpointExperience] = field(default_factory=dict)
    lived: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record says: figures and phase of each touchpoint met, and which were looked for at all."""

    facts: Mapping[str, TouchpointExperience]
    lived: Mapping[str, str]
    counted: frozenset[str]


def place(plan: Plan, journey: Journey, analysis: Analysis | None, view: View) -> Placing:
    """Place every touchpoint of the plan, and what the record holds besides."""
    met = {} if analysis is None else {t.touchpoint: t for t in analysis.lived.touchpoints if t.touches}
    facts = {} if view is View.PLANNED else met
    lived = _lived(plan, journey, analysis, met) if view is not View.PLANNED else {}
    counted = frozenset(t.key for t in analysis.plan.touchpoints) if analysis else frozenset[str]()
    known = _Known(facts, lived, counted)
    found: dict[str, list[Placed]] = {}
    for touchpoint in plan.touchpoints:
        for at, one in _places_of(touchpoint, journey, view, known):
            found.setdefault(at, []).append(one)
    left_out = 0
    if view is not View.PLANNED and analysis is not None:
        planned = {touchpoint.key for touchpoint in plan.touchpoints}
        unplanned = [fact for key, fact in met.items() if key not in planned]
        unplanned.sort(key=lambda fact: -fact.touches)
        left_out = max(0, len(unplanned) - MOST_UNPLANNED)
        for fact in unplanned[:MOST_UNPLANNED]:
            phase = lived.get(fact.touchpoint)
            at = phase if view is View.LIVED and phase is not None else OUTSIDE
            one = Placed(fact.touchpoint, Kind.UNPLANNED, None, lived=phase)
            found.setdefault(at, []).append(one)
    return Placing({at: tuple(ones) for at, ones in found.items()}, left_out, facts, lived)


def _lived(
    plan: Plan, journey: Journey, analysis: Analysis | None, met: Mapping[str, TouchpointExperience]
) -> dict[str, str]:
    if analysis is None:
        return {}
    keys = [phase.key for phase in journey.phases]
    planned = {t.key: keys.index(home) for t in plan.touchpoints if (home := home_of(t, journey)[0])}
    touches = {key: fact.touches for key, fact in met.items()}
    found = lived_phases(analysis.paths.transitions, planned, touches, len(keys))
    return {key: keys[phase] for key, phase in found.items() if key in met}


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
    elsewhere = known.lived.get(touchpoint.key)
    kind = _kind(touchpoint, seen=seen, counted=touchpoint.key in known.counted and view is not View.PLANNED)
    one = Placed(touchpoint.key, kind, touchpoint, phase, elsewhere)
    if view is View.LIVED:
        if seen or kind is Kind.NEVER:
            yield (elsewhere or phase), one
        return
    yield at, one
    also = {other for other in touchpoint.phases if other != at and journey.phase_of(other) is not None}
    for other in also:
        yield other, Placed(touchpoint.key, Kind.ALSO, touchpoint, phase, elsewhere)
    if (
        view is View.BOTH
        and elsewhere not in (None, phase)
        and not _stands_in(elsewhere or "", also, journey)
    ):
        yield elsewhere or "", Placed(touchpoint.key, Kind.HERE_LIVED, touchpoint, phase, elsewhere)


def _stands_in(phase: str, places: set[str], journey: Journey) -> bool:
    return any((found := journey.phase_of(at)) is not None and found.key == phase for at in places)


def _kind(touchpoint: Touchpoint, *, seen: bool, counted: bool) -> Kind:
    if touchpoint.status is not Status.LIVE:
        return Kind.NOT_LIVE
    return Kind.NEVER if counted and not seen else Kind.PLAIN
