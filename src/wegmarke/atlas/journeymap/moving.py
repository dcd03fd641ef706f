"""Moving a touchpoint to another phase. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wegmarke.plan.contracts import Journey, Touchpoint


def moved(touchpoint: Touchpoint, journey: Journey, *, source: str, target: str) -> Touchpoint:
    """Return a touchpoint that stands in `target` (a phase or step; empty: none) where it stood in `source`.

    Its places in other phases and in other journey models stay as they are; with an empty target it leaves
    the whole journey. A target it has already only swallows the source.
    """
    inside = set(journey.phase_keys())
    if not target:
        return replace(touchpoint, phases=tuple(key for key in touchpoint.phases if key not in inside))
    if source in touchpoint.phases:
        phases = [target if key == source else key for key in touchpoint.phases]
    else:
        # Before its places in later models: the order says which is more important.
        first = next(
            (at for at, key in enumerate(touchpoint.phases) if key in inside), len(touchpoint.phases)
        )
        phases = [*touchpoint.phases[:first], target, *touchpoint.phases[first:]]
    return replace(touchpoint, phases=tuple(dict.fromkeys(phases)))
