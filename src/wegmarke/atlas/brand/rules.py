"""Whether promises are kept, from experience by touchpoint. Pure. The method: docs/methods/audit.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wegmarke.analysis.insight import Estimate
from wegmarke.plan.contracts import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from wegmarke.analysis.map_insight import SpreadCell, SpreadInsight
    from wegmarke.plan.contracts import Plan, Promise


class Kept(StrEnum):
    """How a touchpoint keeps a promise, as far as its experience says."""

    NOT = "not"
    AS_OTHERS = "as_others"
    BETTER = "better"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Keeping:
    """One promise: the average experience of the touchpoints that have to keep it against the rest.

    `compared` of them are rated often enough to be in `theirs`. `more` is the difference to the rest; all
    three are None where too few touchpoints are rated on either side.
    """

    promise: Promise
    touchpoints: tuple[str, ...]
    compared: int
    kept: tuple[tuple[str, Kept], ...]
    theirs: Estimate | None
    rest: Estimate | None
    more: Estimate | None


def cells_of(insight: SpreadInsight, group: str) -> dict[str, SpreadCell]:
    """Return the touchpoints as one group of persons lives through them."""
    return {one.touchpoint: one for one in insight.cells if one.group == group}


def keepings(plan: Plan, cells: dict[str, SpreadCell], least: int) -> tuple[Keeping, ...]:
    """Return each promise with how it is kept; a touchpoint needs `least` ratings to be compared.

    What is retired is on neither side: nobody has to keep a promise there any more.
    """
    retired = {one.key for one in plan.touchpoints if one.status is Status.RETIRED}
    compared = [
        one
        for one in cells.values()
        if one.touchpoint not in retired and one.experience is not None and rated(one) >= least
    ]
    made = []
    for promise in plan.promises:
        bound = tuple(
            one.key for one in plan.touchpoints if promise.key in one.promises and one.key not in retired
        )
        own = [one for one in compared if one.touchpoint in bound]
        theirs = average(own)
        rest = average([one for one in compared if one.touchpoint not in bound])
        made.append(
            Keeping(
                promise=promise,
                touchpoints=bound,
                compared=len(own),
                kept=tuple((key, kept(cells.get(key))) for key in bound),
                theirs=theirs,
                rest=rest,
                more=None if theirs is None or rest is None else difference(theirs, rest),
            )
        )
    return tuple(made)


def rated(cell: SpreadCell) -> int:
    """Return the number of rated touches."""
    return cell.bad + cell.neutral + cell.good


def kept(cell: SpreadCell | None) -> Kept:
    """Say how a touchpoint stands to the others; unknown where it could not be compared."""
    if cell is None or cell.difference is None:
        return Kept.UNKNOWN
    if not cell.inconsistent:
        return Kept.AS_OTHERS
    return Kept.NOT if cell.difference.estimate < 0 else Kept.BETTER


def average(cells: Sequence[SpreadCell]) -> Estimate | None:
    """Return the average net experience over touchpoints, each counting the same.

    The same persons rate several touchpoints, and how their ratings hang together is not known here. The
    half-widths are therefore averaged as if all moved together, which no correlation can exceed: the interval
    holds in at least 95 % of cases.
    """
    known = [one.experience for one in cells if one.experience is not None]
    if not known:
        return None
    return Estimate(
        _mean(one.estimate for one in known),
        _mean(one.low for one in known),
        _mean(one.high for one in known),
        sum(one.n for one in known),
    )


def difference(theirs: Estimate, rest: Estimate) -> Estimate:
    """Return the difference of two averages, again as if they moved against each other as far as possible."""
    return Estimate(
        theirs.estimate - rest.estimate, theirs.low - rest.high, theirs.high - rest.low, theirs.n + rest.n
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def changed(
    before: Collection[tuple[str, str]], after: Collection[tuple[str, str]]
) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return what changes per touchpoint: promises to add and to take away; pairs are (promise, touchpoint).

    Only what somebody changed in the form is changed: what others did in the meantime stays.
    """
    added, removed = set(after) - set(before), set(before) - set(after)
    return {
        key: (
            frozenset(promise for promise, touchpoint in added if touchpoint == key),
            frozenset(promise for promise, touchpoint in removed if touchpoint == key),
        )
        for key in dict.fromkeys(touchpoint for _promise, touchpoint in sorted(added | removed))
    }
