"""The journey of one person as a picture: touches by phase along time, with how they were lived through."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.utils import timezone

from wegmarke.analysis.journeys import Experience
from wegmarke.profiles.contracts import Feel, Lane, Lived, Mark
from wegmarke.profiles.lived import FEELS
from wegmarke.ui.numbers import day, when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from wegmarke.insights.names import Names
    from wegmarke.record.found import PersonJourney

PLACES: Final = 160
"""Places along the axis of time: touches of one phase and experience in one place are one mark."""
DAY: Final = 86_400
_DRAWN: Final = (Feel.UNSAID, Feel.NEUTRAL, Feel.GOOD, Feel.BAD)
"""In which order marks are drawn: what lies on top is seen."""
TICKS: Final = 5


def lived(journey: PersonJourney, names: Names) -> Lived | None:
    """Return what the touches of somebody say, or None where there is none."""
    if len(journey.time) == 0:
        return None
    keys = [journey.landscape.touchpoints[code] for code in journey.touchpoint.tolist()]
    bad = np.flatnonzero(journey.experience == Experience.BAD)
    last_bad = int(bad[-1]) if len(bad) else None
    counted = Counter(keys)
    return Lived(
        touches=len(keys),
        first_at=_moment(journey.time[0]),
        last_at=_moment(journey.time[-1]),
        last_touchpoint=keys[-1],
        bad=len(bad),
        last_bad_at=None if last_bad is None else _moment(journey.time[last_bad]),
        last_bad_touchpoint="" if last_bad is None else keys[last_bad],
        touchpoints=tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0]))),
        lanes=tuple(_lanes(journey, names)),
        ticks=tuple(_ticks(journey)),
    )


LANE_HEIGHT: Final = 44
HEAD: Final = 18
AXIS_HEIGHT: Final = 24
PLACE: Final = "%.2f"


def drawn(lived: Lived) -> dict[str, Any]:
    """Return what `profiles/picture.html` draws: places across in per cent, down in pixels."""
    return {
        "height": len(lived.lanes) * LANE_HEIGHT + AXIS_HEIGHT,
        "axis": len(lived.lanes) * LANE_HEIGHT + 16,
        "lanes": [
            {
                "name": lane.name,
                "head": at * LANE_HEIGHT + 12,
                "line": at * LANE_HEIGHT + HEAD + 12,
                "marks": [(PLACE % (100 * mark.x), mark) for mark in lane.marks],
            }
            for at, lane in enumerate(lived.lanes)
        ],
        "ticks": [
            (PLACE % (100 * x), text, "start" if x == 0 else "end" if x == 1 else "middle")
            for x, text in lived.ticks
        ],
    }


def _lanes(journey: PersonJourney, names: Names) -> Iterator[Lane]:
    """Yield the phases somebody was in, in the order of the plan, touches without a phase last."""
    x = _place(journey)
    phase = np.array(journey.landscape.phase, np.int64)[journey.touchpoint]
    for code in sorted(set(phase.tolist()), key=lambda code: (code == 0, code)):
        name = names.phase(journey.landscape.phases[code - 1] if code else None)
        yield Lane(name, tuple(_marks(journey, names, np.flatnonzero(phase == code), x)))


def _place(journey: PersonJourney) -> NDArray[np.int64]:
    begin, end = int(journey.time[0]), int(journey.time[-1])
    return ((journey.time - begin) * PLACES // max(1, end - begin)).clip(0, PLACES - 1)


def _marks(
    journey: PersonJourney, names: Names, rows: NDArray[np.int64], x: NDArray[np.int64]
) -> Iterator[Mark]:
    together: dict[tuple[int, Feel], list[int]] = {}
    for row in rows.tolist():
        together.setdefault((int(x[row]), FEELS[Experience(journey.experience[row])]), []).append(row)
    for (place, feel), some in sorted(together.items(), key=lambda one: (_DRAWN.index(one[0][1]), one[0][0])):
        first = some[0]
        name = names.touchpoint(journey.landscape.touchpoints[int(journey.touchpoint[first])])
        text = f"{when(_moment(journey.time[first]))}: {name}"
        yield Mark(
            (place + 0.5) / PLACES, feel, text if len(some) == 1 else f"{text} (+{len(some) - 1})", len(some)
        )


def _ticks(journey: PersonJourney) -> Iterator[tuple[float, str]]:
    """Yield places on the axis and their dates: the first, the last and some between."""
    begin, end = int(journey.time[0]), int(journey.time[-1])
    days = (end - begin) // DAY
    steps = min(TICKS - 1, days)
    if steps == 0:
        yield 0.0, day(timezone.localtime(_moment(begin)).date())
        return
    for step in range(steps + 1):
        at = begin + (end - begin) * step // steps
        yield step / steps, day(timezone.localtime(_moment(at)).date())


def _moment(seconds: int | np.int64) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
