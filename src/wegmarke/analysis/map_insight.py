"""What the questions of map, matrix and audit answer: by month, by group of persons, by cell and quarter."""

from __future__ import annotations

from dataclasses import dataclass

from wegmarke.analysis.insight import Estimate  # noqa: TC001 - msgspec reads the type at run time


@dataclass(frozen=True, slots=True)
class MonthlyCell:
    """One touchpoint in one month (`start` in Unix seconds, UTC); figures as in `TouchpointExperience`."""

    start: int
    touches: int
    persons: int
    bad: int
    neutral: int
    good: int
    experience: Estimate | None
    drop_off: Estimate | None
    bad_share: Estimate | None = None


@dataclass(frozen=True, slots=True)
class MonthlyTouchpoint:
    """One touchpoint: months with touches, first and last touch (Unix seconds; None: never met)."""

    touchpoint: str
    first_touch: int | None
    last_touch: int | None
    months: tuple[MonthlyCell, ...]


@dataclass(frozen=True, slots=True)
class MonthlyInsight:
    """Touchpoint by month; `months` are the starts of all months, the last of which may be incomplete."""

    touchpoints: tuple[MonthlyTouchpoint, ...]
    months: tuple[int, ...]
    last_complete: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A touchpoint's net experience less the average of the other compared touchpoints of its group.

    `n` rated touches; `q` is `p` after Benjamini-Hochberg over all touchpoints and groups.
    """

    estimate: float
    low: float
    high: float
    n: int
    p: float
    q: float


@dataclass(frozen=True, slots=True)
class SpreadCell:
    """One touchpoint as one group of persons lives through it.

    `difference` is None where too few rated it or nothing else can be compared with; `inconsistent` where it
    is proven and material, seen from their median as well.
    """

    touchpoint: str
    group: str
    touches: int
    persons: int
    bad: int
    neutral: int
    good: int
    experience: Estimate | None
    difference: Difference | None
    inconsistent: bool


@dataclass(frozen=True, slots=True)
class SpreadGroup:
    """One group of persons over all touchpoints.

    `spread` is the standard deviation of net experience between the `compared` touchpoints, less what chance
    adds; None below two of them.
    """

    group: str
    touches: int
    persons: int
    bad: int
    neutral: int
    good: int
    experience: Estimate | None
    compared: int
    spread: Estimate | None


@dataclass(frozen=True, slots=True)
class SpreadInsight:
    """Experience by group of persons, most frequent group first, and how consistent it is.

    Groups are the values of `attribute` (None: everybody, one group named ""); a touchpoint is compared from
    `least_raters` persons and named inconsistent from a difference of `margin`.
    """

    attribute: str | None
    groups: tuple[SpreadGroup, ...]
    cells: tuple[SpreadCell, ...]
    margin: float
    least_raters: int

    @property
    def inconsistent(self) -> tuple[SpreadCell, ...]:
        """The touchpoints named inconsistent, the largest difference first."""
        named = [cell for cell in self.cells if cell.inconsistent]
        return tuple(sorted(named, key=lambda c: -abs(c.difference.estimate if c.difference else 0.0)))


@dataclass(frozen=True, slots=True)
class LoadCell:
    """What one group met at one cell in one quarter (`quarter` its start in Unix seconds, UTC).

    Contacts are the touches the company starts. The means are per person of the group who met anything at all
    in the quarter (`active`); `touched` and `contacted` count those with 0, 1, 2, 3-5, 6-10 and more of them.
    """

    cell: tuple[str, ...]
    group: str
    quarter: int
    active: int
    touches: int
    persons: int
    contacts: int
    touches_each: Estimate
    contacts_each: Estimate
    touched: tuple[int, ...]
    contacted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LoadInsight:
    """Contact load per cell, group and quarter; `totals` are over all touches, those outside any cell too."""

    attribute: str | None
    groups: tuple[str, ...]
    quarters: tuple[int, ...]
    cells: tuple[LoadCell, ...]
    totals: tuple[LoadCell, ...]
    last_complete: bool


@dataclass(frozen=True, slots=True)
class TouchpointPlacement:
    """Where on a journey the touches of one touchpoint happen.

    `lived` counts touches per phase in the order of the journey, `outside` those in none; `as_planned` is the
    share of touches in the phase the plan puts it into, None where the plan names none.
    """

    touchpoint: str
    planned: str | None
    touches: int
    persons: int
    outside: int
    lived: tuple[tuple[str, int], ...]
    as_planned: Estimate | None

    @property
    def mostly(self) -> str | None:
        """The phase most touches fall into, the earlier one of equals; None where most fall into none."""
        most = max(self.lived, key=lambda one: one[1], default=None)
        return None if most is None or most[1] < self.outside else most[0]


@dataclass(frozen=True, slots=True)
class PlacementInsight:
    """A journey model as lived: its phases, and per touchpoint where its touches happen.

    `by_day` says that day windows decided, otherwise the phase entered last.
    """

    phases: tuple[str, ...]
    by_day: bool
    touchpoints: tuple[TouchpointPlacement, ...]
