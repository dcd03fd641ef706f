"""Where on the journey customers meet each touchpoint, from how often one follows another. Pure.

Positions are potentials on the graph of moves (HodgeRank: Jiang, Lim, Yao & Ye 2011, Mathematical
Programming 127): each pair of touchpoints says how often one comes before the other, and the positions are
those that agree with all pairs best, in the sense of least squares weighted by how often the pair was met.
Going round in circles cancels out. Phases are then laid over the order so that as many touches as possible
stay in the phase they are planned in; what remains outside its phase is lived elsewhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from wegmarke.analysis.insight import Transition

LEAST_MOVES = 30
"""A touchpoint with fewer moves from and to others is left where the plan puts it."""
BORDER = 0.05
"""How far beyond the border of its phase a touchpoint must lie, as a share of the whole journey."""


def positions(transitions: Sequence[Transition]) -> dict[str, float]:
    """Return a position for each touchpoint with enough moves: small early, large late, without a unit.

    The moves of one run are looked at once: `transitions` must not change afterwards.
    """
    return _remembered(_Same(transitions))


class _Same:
    """Something that is only equal to itself, so that a hundred thousand moves need no comparing."""

    def __init__(self, transitions: Sequence[Transition]) -> None:
        self.transitions = transitions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.transitions is self.transitions

    def __hash__(self) -> int:
        return id(self.transitions)


@lru_cache(maxsize=2)
def _remembered(same: _Same) -> dict[str, float]:
    transitions = same.transitions
    names = _known(transitions)
    if len(names) < 2:  # noqa: PLR2004 - an order needs two
        return {}
    place = {name: k for k, name in enumerate(names)}
    pairs = [
        (place[move.source], place[move.target], move.count)
        for move in transitions
        if move.source in place and move.target in place and move.source != move.target
    ]
    source, target, count = np.array(pairs).T
    before = np.zeros((len(names), len(names)))
    np.add.at(before, (source, target), count)
    found = _potentials(before)
    return {name: float(found[k]) for name, k in place.items()}


def _known(transitions: Sequence[Transition]) -> list[str]:
    moves: dict[str, int] = {}
    for move in transitions:
        if move.source is not None and move.target is not None and move.source != move.target:
            for name in (move.source, move.target):
                moves[name] = moves.get(name, 0) + move.count
    return [name for name, count in moves.items() if count >= LEAST_MOVES]


def _potentials(before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve the normal equations of the weighted least squares; the mean of all positions is 0."""
    weight = before + before.T
    net = np.divide(before - before.T, weight, out=np.zeros_like(before), where=weight > 0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    flow = -(weight * net).sum(axis=1)
    # The order says nothing about where it begins, nor about groups that never meet: a breath of weight on
    # every touchpoint settles both at 0 and is far below what any count could tell.
    settled = laplacian + np.eye(len(before)) * (1e-9 * max(1.0, float(laplacian.diagonal().max())))
    solution: NDArray[np.float64] = np.linalg.solve(settled, flow)
    return solution


def lived_phases(
    transitions: Sequence[Transition], planned: Mapping[str, int], touches: Mapping[str, int], phases: int
) -> dict[str, int]:
    """Return the phase (0, 1, …) in which each touchpoint is lived; those not known well enough are left out.

    `planned` has the phase of each touchpoint that is planned in one, `touches` how often each was met.
    """
    at = positions(transitions)
    order = sorted(at, key=lambda name: (at[name], name))
    if not order or not phases or not any(name in planned for name in order):
        return {}
    borders = _borders([(planned.get(name), touches.get(name, 0)) for name in order], phases)
    spread = at[order[-1]] - at[order[0]]
    found = {}
    for k, name in enumerate(order):
        lived = next(phase for phase in range(phases) if k < borders[phase])
        if name in planned and lived != planned[name]:
            own = planned[name]
            first = borders[own - 1] if own else 0
            edge = (
                at[order[min(first, len(order) - 1)]] if lived < own else at[order[max(borders[own] - 1, 0)]]
            )
            if abs(at[name] - edge) < BORDER * spread:
                lived = own
        found[name] = lived
    return found


def _borders(placed: Sequence[tuple[int | None, int]], phases: int) -> list[int]:
    """Return where each phase ends so that most touches stay in their phase; one linear pass a phase."""
    n = len(placed)
    best = np.zeros(n + 1)
    starts = []
    for phase in range(phases):
        kept = [float(touches) if own == phase else 0.0 for own, touches in placed]
        gain = np.concatenate([[0.0], np.cumsum(kept)])
        # A phase that begins at i and ends at k keeps gain[k] - gain[i]; the best i is a running maximum.
        behind = best - gain
        where = np.zeros(n + 1, np.int64)
        for k in range(1, n + 1):
            where[k] = k if behind[k] > behind[where[k - 1]] else where[k - 1]
        best = gain + behind[where]
        starts.append(where)
    borders = [n] * phases
    end = n
    for phase in range(phases - 1, -1, -1):
        borders[phase] = end
        end = int(starts[phase][end])
    return borders
