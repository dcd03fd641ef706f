"""How any question is asked: tallies over groups of persons add up, `finish` closes.

A question is a frozen value. Most need one pass over the journeys; the moments need three, and a later pass
uses what the earlier ones were settled to. `run` is where the tallies are made: `map` here, threads or a
cluster in the room above.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from wegmarke.analysis.journeys import Journeys

InsightT_co = TypeVar("InsightT_co", covariant=True)


class Question(Protocol[InsightT_co]):
    """A question over journeys."""

    passes: ClassVar[int]

    def tally(self, journeys: Journeys, found: tuple[Any, ...]) -> Any:  # noqa: ANN401 - each its own tally
        """Count one group of persons; `found` holds what the passes before were settled to."""

    def settle(self, tally: Any, found: tuple[Any, ...]) -> Any:  # noqa: ANN401 - each its own tally
        """Turn the added-up tally of one pass into what the next passes and `finish` use."""

    def finish(self, found: tuple[Any, ...]) -> InsightT_co:
        """Turn what all passes found into the insight."""


class OnePass:
    """A question answered by one pass, whose tally needs no settling."""

    __slots__ = ()
    passes: ClassVar[int] = 1

    def settle(self, tally: Any, found: tuple[Any, ...]) -> Any:  # noqa: ANN401, ARG002 - as the protocol says
        """Keep the tally as it is."""
        return tally


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

        found = (*found, question.settle(reduce(add, run(count, groups)), found))
    return question.finish(found)
