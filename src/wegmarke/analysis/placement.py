"""Where on a journey model touches really happen, beside where the plan puts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wegmarke.analysis.asking import OnePass
from wegmarke.analysis.estimates import clustered_share
from wegmarke.analysis.journeys import StartedBy
from wegmarke.analysis.kernels import placement as kernel
from wegmarke.analysis.map_insight import PlacementInsight, TouchpointPlacement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wegmarke.analysis.insight import Estimate
    from wegmarke.analysis.journeys import Journeys, Landscape

DAY = 86_400
FAR = 2**62
"""An open end of a window, in seconds."""


@dataclass(frozen=True, slots=True)
class PhaseWindow:
    """One phase of a journey model.

    `touchpoints` are those the plan puts into it; `entered_by` those with which it begins (where there are
    none, any of its touchpoints that the company does not start). `from_day` and `to_day` count from the
    beginning of the journey; None leaves that end open.
    """

    key: str
    touchpoints: tuple[str, ...] = ()
    entered_by: tuple[str, ...] = ()
    from_day: float | None = None
    to_day: float | None = None

    @property
    def has_window(self) -> bool:
        """Whether the phase is bound to days."""
        return self.from_day is not None or self.to_day is not None


@dataclass(frozen=True, slots=True)
class PlacementTally:
    """Touches per touchpoint and lived phase, and what the interval of the planned share needs."""

    counts: NDArray[np.int64]
    sums: NDArray[np.int64]
    landscape: Landscape

    def __add__(self, other: PlacementTally) -> PlacementTally:
        """Return the tally of both groups."""
        return PlacementTally(self.counts + other.counts, self.sums + other.sums, self.landscape)


@dataclass(frozen=True, slots=True)
class PlacementQuestion(OnePass):
    """In which phases the touches of each touchpoint happen.

    Where any phase has a window, days decide: the journey begins with a person's first touch that enters the
    first phase (without `entered_by`: with their first touch at all), a touch lies in the first phase whose
    window holds it, and phases without a window hold nothing. Otherwise a touch lies in the phase the person
    has entered last, with this touch or before; one that comes before any lies where the plan puts it. Where
    a phase names nothing that enters it, the customer's own touches there do: what the company starts moves
    nobody, it meets customers where they are.
    """

    phases: tuple[PhaseWindow, ...]

    @property
    def by_day(self) -> bool:
        """Whether days decide."""
        return any(phase.has_window for phase in self.phases)

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> PlacementTally:  # noqa: ARG002 - one pass
        """Count one group of persons."""
        landscape = journeys.landscape
        touchpoints = len(landscape.touchpoints)
        counts = np.zeros((touchpoints, len(self.phases) + 1), np.int64)
        sums = np.zeros((touchpoints, kernel.COLUMNS), np.int64)
        begins, ends = self._windows()
        kernel.placements(
            journeys.offsets,
            journeys.time,
            journeys.touchpoint,
            self._phase_per_code(landscape, [phase.touchpoints for phase in self.phases]),
            self._phase_per_code(landscape, self._entries(landscape)),
            self._anchors(landscape),
            begins,
            ends,
            self.by_day,
            counts,
            sums,
        )
        return PlacementTally(counts, sums, landscape)

    def _entries(self, landscape: Landscape) -> list[tuple[str, ...]]:
        """Return per phase the touchpoints that enter it."""
        by_company = {
            key
            for key, starter in zip(landscape.touchpoints, landscape.started_by, strict=True)
            if starter is StartedBy.COMPANY
        }
        return [
            phase.entered_by or tuple(key for key in phase.touchpoints if key not in by_company)
            for phase in self.phases
        ]

    def _windows(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return when each phase begins and ends, in seconds; one without a window holds nothing."""
        begins = [-FAR if p.from_day is None else _seconds(p.from_day) for p in self.phases]
        ends = [
            (FAR if p.to_day is None else _seconds(p.to_day)) if p.has_window else -FAR for p in self.phases
        ]
        return np.array(begins, np.int64), np.array(ends, np.int64)

    def _anchors(self, landscape: Landscape) -> NDArray[np.bool_]:
        named = self.phases[0].entered_by if self.phases else ()
        return np.array([not named or key in named for key in landscape.touchpoints], np.bool_)

    @staticmethod
    def _phase_per_code(landscape: Landscape, named: list[tuple[str, ...]]) -> NDArray[np.uint16]:
        """Return the first phase (from 1) that names a touchpoint, 0 for none, per code."""
        place: dict[str, int] = {}
        for at, keys in enumerate(named, 1):
            for key in keys:
                place.setdefault(key, at)
        return np.array([place.get(key, 0) for key in landscape.touchpoints], np.uint16)

    def finish(self, found: tuple[Any, ...]) -> PlacementInsight:
        """Return one entry per touchpoint that was met, in the order of codes."""
        tally: PlacementTally = found[0]
        planned = self._phase_per_code(tally.landscape, [phase.touchpoints for phase in self.phases])
        keys = tuple(phase.key for phase in self.phases)
        met = np.flatnonzero(tally.sums[:, kernel.TOUCHES])
        return PlacementInsight(
            phases=keys,
            by_day=self.by_day,
            touchpoints=tuple(_touchpoint(int(k), tally, keys, int(planned[k])) for k in met),
        )


def _seconds(days: float) -> int:
    """Return days as whole seconds; what no journey reaches is as far as anything."""
    return round(max(-FAR, min(FAR, days * DAY)))


def _touchpoint(code: int, tally: PlacementTally, keys: tuple[str, ...], planned: int) -> TouchpointPlacement:
    sums, counts = tally.sums[code], tally.counts[code]
    return TouchpointPlacement(
        touchpoint=tally.landscape.touchpoints[code],
        planned=keys[planned - 1] if planned else None,
        touches=int(sums[kernel.TOUCHES]),
        persons=int(sums[kernel.PERSONS]),
        outside=int(counts[0]),
        lived=tuple((keys[k - 1], int(counts[k])) for k in range(1, len(counts)) if counts[k]),
        as_planned=_share_as_planned(sums) if planned else None,
    )


def _share_as_planned(sums: NDArray[np.int64]) -> Estimate:
    """Return the share of touches in the planned phase, persons as clusters."""
    columns = (kernel.PLANNED_SQUARE, kernel.PLANNED_TOUCHES, kernel.TOUCHES_SQUARE)
    own, cross, size = (int(sums[column]) for column in columns)
    return clustered_share(int(sums[kernel.PLANNED]), int(sums[kernel.TOUCHES]), (own, cross, size))
