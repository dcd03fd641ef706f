"""Hand-overs between departments after which more customers are lost than within a department. Pure.

The comparison, its interval and what it does not say: docs/methods/audit.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.estimates import share
from wegmarke.analysis.insight import Estimate
from wegmarke.analysis.statistics.intervals import difference, difference_p
from wegmarke.analysis.statistics.multiplicity import benjamini_hochberg
from wegmarke.atlas.audit.contracts import Finding, Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from wegmarke.atlas.audit.contracts import Ground
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan

FALSE_CLAIMS = 0.05
LEAST_PERSONS = 50
MUCH = 0.05
"""A drop so many shares higher than within departments is grave."""


@dataclass(frozen=True, slots=True)
class Exit:
    """Where customers go after one touchpoint.

    `to` is the other department most of them meet next and `crossing` the share of next touches that are in
    any other department; `left` of `persons` who met it left right after it.
    """

    touchpoint: str
    phase: str | None
    department: str
    to: str
    crossing: float
    persons: int
    left: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """One hand-over against the steps within departments (`alike`: of the same phase, else of all).

    `lost` is the share who leave right after it, `within` that within departments, `more` the difference with
    its interval; `q` after Benjamini-Hochberg over all hand-overs.
    """

    exit: Exit
    lost: Estimate
    within: Estimate
    more: Estimate
    p: float
    q: float
    alike: bool


def exits(analysis: Analysis, departments: Mapping[str, str], leaving: Iterable[str]) -> tuple[Exit, ...]:
    """Return the exits of all touchpoints with a department, except what is leaving itself.

    Next touches at touchpoints without a department say nothing about hand-overs and are passed over.
    """
    following: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in analysis.paths.transitions:
        # There may be a hundred thousand: asked only what is needed.
        to = departments.get(one.target or "")
        if to is not None and one.source is not None and one.source in departments:
            following[one.source][to] += one.count
    gone = set(leaving)
    found = []
    for lived in analysis.lived.touchpoints:
        counts = following.get(lived.touchpoint)
        if not counts or lived.drop_off is None or lived.touchpoint in gone:
            continue
        home = departments[lived.touchpoint]
        others = {name: count for name, count in counts.items() if name != home}
        found.append(
            Exit(
                touchpoint=lived.touchpoint,
                phase=lived.phase,
                department=home,
                to=max(others, key=lambda name: others[name], default=""),
                crossing=sum(others.values()) / sum(counts.values()),
                persons=lived.drop_off.n,
                left=round(lived.drop_off.estimate * lived.drop_off.n),
            )
        )
    return tuple(found)


def hand_overs(found: Iterable[Exit], cross_share: float) -> tuple[HandOver, ...]:
    """Compare each hand-over with the steps within departments; the largest difference first.

    A touchpoint is a hand-over where at least `cross_share` of the next touches are in another department.
    """
    known = [one for one in found if one.persons >= LEAST_PERSONS]
    within = [one for one in known if one.crossing < cross_share]
    pairs = []
    for one in known:
        alike = [other for other in within if other.phase == one.phase]
        if one.crossing >= cross_share and within:
            pairs.append((one, alike or within, bool(alike)))
    return tuple(sorted(_compared(pairs), key=lambda one: -one.more.estimate)) if pairs else ()


def _compared(pairs: list[tuple[Exit, list[Exit], bool]]) -> Iterator[HandOver]:
    """Compare each hand-over with the rest beside it, all in one go."""
    mine = np.array([(one.left, one.persons) for one, _rest, _alike in pairs], float)
    rest = np.array(
        [(sum(o.left for o in others), sum(o.persons for o in others)) for _one, others, _alike in pairs],
        float,
    )
    shares = mine[:, 0] / mine[:, 1], rest[:, 0] / rest[:, 1]
    numbers, independent = (mine[:, 1], rest[:, 1]), np.zeros(len(pairs))
    low, high = difference(shares, numbers, independent)
    p = difference_p(shares, numbers, independent)
    q = benjamini_hochberg(p)
    for at, (one, _others, alike) in enumerate(pairs):
        more = float(shares[0][at] - shares[1][at])
        yield HandOver(
            exit=one,
            lost=share(one.left, one.persons),
            within=share(int(rest[at, 0]), int(rest[at, 1])),
            more=Estimate(more, float(low[at]), float(high[at]), one.persons),
            p=float(p[at]),
            q=float(q[at]),
            alike=alike,
        )


def all_hand_overs(plan: Plan, analysis: Analysis, cross_share: float) -> tuple[HandOver, ...]:
    """Return every hand-over of a plan with its comparison."""
    departments = {one.key: one.department for one in plan.touchpoints if one.department}
    leaving = () if plan.leaving is None else plan.leaving.touchpoints
    return hand_overs(exits(analysis, departments, leaving), cross_share)


def hand_over(ground: Ground) -> Iterator[Finding]:
    """Find hand-overs after which demonstrably and materially more customers are lost."""
    for one in ground.hand_overs:
        if one.q <= FALSE_CLAIMS and one.more.low > 0 and one.more.estimate >= ground.plan.margin:
            # another phase is another situation: such a comparison says less
            grave = one.alike and one.more.low >= MUCH
            severity = Severity.HIGH if grave else Severity.MEDIUM if one.alike else Severity.LOW
            yield Finding(
                Kind.HAND_OVER,
                severity,
                (one.exit.touchpoint,),
                phase=one.exit.phase or "",
                values={"hand_over": one},
                field="owners",
            )
