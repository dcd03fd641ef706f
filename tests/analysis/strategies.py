"""Small journeys of every awkward kind: ties, empty persons, one touch, everything equal, nothing known."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from wegmarke.analysis.journeys import Attribute, Journeys, Landscape, StartedBy
from wegmarke.analysis.outcomes import DAY, Outcome

NAMES = ("A", "B", "C", "D", "E")
END = 60 * DAY


@st.composite
def journeys(draw, *, most_touches: int = 40):
    touchpoints = draw(st.integers(1, len(NAMES)))
    persons = draw(st.integers(1, 6))
    n = draw(st.integers(0, most_touches))
    phases = draw(st.integers(0, 3))

    def column(low, high):
        return np.array(draw(st.lists(st.integers(low, high), min_size=n, max_size=n)), np.int64)

    # Whole days make ties frequent; some touches lie within the same day.
    seconds = column(0, 60) * DAY + column(0, 1) * 3600
    values = column(-1, 3).astype(float)
    values[values < 0] = np.nan
    return Journeys.build(
        person=column(0, persons - 1),
        seconds=np.minimum(seconds, END),
        touchpoint=column(0, touchpoints - 1),
        experience=column(0, 3),
        value=values,
        persons=persons,
        landscape=Landscape(
            NAMES[:touchpoints],
            tuple(f"phase {k}" for k in range(phases)),
            tuple(draw(st.integers(0, phases)) for _ in range(touchpoints)),
            tuple(draw(st.sampled_from(StartedBy)) for _ in range(touchpoints)),
        ),
        attributes=(
            Attribute(
                "segment",
                np.array([draw(st.integers(0, 1)) for _ in range(persons)], np.uint8),
                ("private", "business"),
            ),
        ),
    )


@st.composite
def outcomes(draw, landscape):
    horizon = draw(st.sampled_from([1.0, 7.0, 30.0]))
    names = st.sampled_from(landscape.touchpoints)
    moving_on = tuple(sorted(draw(st.sets(names, max_size=2))))
    if draw(st.booleans()):
        return Outcome(
            quiet_days=draw(st.sampled_from([1.0, 0.5, 10.0, 30.0])),
            moving_on=moving_on,
            horizon_days=horizon,
        )
    leaving = tuple(sorted(draw(st.sets(names, min_size=1, max_size=2)) - set(moving_on)))
    return Outcome(leaving=leaving, moving_on=moving_on, horizon_days=horizon)
