"""What mostly happens in another phase than the plan says. Pure; the method: docs/methods/placement.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.atlas.audit.contracts import Finding, Kind, Severity
from wegmarke.atlas.lived_places import OUTSIDE, lived_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.atlas.audit.contracts import Ground

LEAST_PERSONS = 30
"""Touchpoints fewer persons met are not judged."""


def lived_elsewhere(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints that demonstrably happen in another phase of the leading journey than planned.

    It matters less where no phase has a window: then customers move between phases as they please, and a
    contact may well reach them in another one.
    """
    if ground.analysis is None or not ground.plan.journeys:
        return
    journey = ground.plan.journeys[0]
    by_day = any(phase.from_day is not None or phase.to_day is not None for phase in journey.phases)
    severity = Severity.MEDIUM if by_day else Severity.LOW
    lived = lived_places(ground.plan, journey, ground.analysis) or {}
    for one in ground.live:
        place, planned = lived.get(one.key), journey.place_of(one)
        if place is None or planned is None or not place.elsewhere or place.persons < LEAST_PERSONS:
            continue
        if place.phase not in (OUTSIDE, planned.key):
            values = {"place": place, "planned": planned.key}
            yield Finding(Kind.LIVED_ELSEWHERE, severity, (one.key,), values=values, field="phases")
