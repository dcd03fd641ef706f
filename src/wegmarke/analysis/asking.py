"""How any question is asked: tallies over groups of persons add up, `finish` closes.

A question is a frozen value. Most need one pass over the journeys; the moments need three, and a later pass
may use what the passes before it found. `run` is where the tallies are made: `map` here, threads or a cluster
in the room above.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from wegmarke.analysis.journeys import Journeys

InsightT_co = TypeVar("InsightT_co", covariant=True)


class Question(Protocol, Generic[InsightT_co]):
    """A question over journeys."""

    passes: int

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> Any:  # noqa: ANN401 - each its own tally
        """Count one group of persons; `found` holds the added-up tallies of the passes before."""

    def finish(self, found: tuple[Any, ...]) -> InsightT_co:
        """Turn the added-up tallies of all passes into the insight."""


def ask(
    question: Question[InsightT_co],
    groups: Sequence[Journeys],
    *,
    run: Callable[[Callable[[Journeys], Any], Sequence[Journeys]], Iterable[Any]] = map,
) -> InsightT_co:
    """Ask one question over groups of persons that together are everybody."""
    found: tuple[Any, ...] = ()
    for _ in range(question.passes):
        so_far = found

        def count(journeys: Journeys, so_far: tuple[Any, ...] = so_far) -> Any:  # noqa: ANN401
            return question.tally(journeys, so_far)

        found = (*found, reduce(add, run(count, groups)))
    return question.finish(found)
