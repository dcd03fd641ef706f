"""Groups of touches however many there are, and groups of persons by one of their attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wegmarke.analysis.errors import InvalidQuestionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from wegmarke.analysis.journeys import Journeys

DENSE_GROUPS = 50_000
"""Up to here every group has a row while touches are counted; above, only groups that occur in them."""

MOST_VALUES = 20
REST = "…other"
"""The group of all values beyond the most frequent; the record names rare values likewise."""


@dataclass(frozen=True, slots=True)
class GroupRows:
    """One row of whole numbers for each group that occurs; `groups` ascend."""

    groups: NDArray[np.int64]
    rows: NDArray[np.int64]

    def __add__(self, other: GroupRows) -> GroupRows:
        """Return the sums of both."""
        groups = np.union1d(self.groups, other.groups)
        rows = np.zeros((len(groups), self.rows.shape[1]), np.int64)
        for part in (self, other):
            rows[np.searchsorted(groups, part.groups)] += part.rows
        return GroupRows(groups, rows)

    def regrouped(self, groups: NDArray[np.int64]) -> GroupRows:
        """Return the rows under other groups; rows that fall into the same one add up."""
        found, place = np.unique(groups, return_inverse=True)
        rows = np.zeros((len(found), self.rows.shape[1]), np.int64)
        np.add.at(rows, place, self.rows)
        return GroupRows(found.astype(np.int64), rows)


def grouped(
    group: NDArray[np.int64],
    groups: int,
    count: Callable[[NDArray[np.unsignedinteger], int], NDArray[np.int64]],
) -> GroupRows:
    """Count touches per group, of which there may be far more than touches.

    `group` holds one of 0..groups-1 per touch, or `groups` for a touch that is passed over. `count` is given
    the same, numbered anew where there are many, and returns one row per group whose first column is 0 where
    nothing happened.
    """
    names: NDArray[np.int64] | None = None
    if groups > DENSE_GROUPS:
        names, group = np.unique(group, return_inverse=True)
        if len(names) and names[-1] == groups:
            names = names[:-1]
        groups = len(names)
    wide = np.uint16 if groups <= np.iinfo(np.uint16).max else np.uint32
    rows = count(group.astype(wide), groups)
    kept = np.flatnonzero(rows[:, 0])
    return GroupRows(kept.astype(np.int64) if names is None else names[kept], rows[kept])


def values_of(
    journeys: Journeys, attribute: str | None
) -> tuple[NDArray[np.unsignedinteger], tuple[str, ...]]:
    """Return each person's code of one attribute and the values behind the codes; None: all are alike.

    Raises `InvalidQuestionError` where the journeys do not know the attribute.
    """
    if attribute is None:
        return np.zeros(journeys.persons, np.uint8), ("",)
    for known in journeys.attributes:
        if known.name == attribute:
            return known.codes, known.labels
    msg = f"no such attribute: {attribute}"
    raise InvalidQuestionError(msg)


@dataclass(frozen=True, slots=True)
class Pooled:
    """Which group each value of an attribute belongs to: the most frequent are their own, the rest is one."""

    names: tuple[str, ...]
    place: NDArray[np.int64]


def pooled(values: tuple[str, ...], persons: NDArray[np.int64], most: int = MOST_VALUES) -> Pooled:
    """Group values by the number of persons who have them; values nobody has form no group.

    Where nobody has any, the first ones stay, so that "everybody" is a group of nobody too.
    """
    order = sorted(range(len(values)), key=lambda k: (-int(persons[k]), k))
    met = [k for k in order if persons[k]] or order[:most]
    own = [k for k in met if values[k] != REST][:most]
    rest = len(own)
    place = np.full(len(values), rest, np.int64)
    place[own] = np.arange(rest)
    names = tuple(values[k] for k in own)
    return Pooled((*names, REST) if len(met) > rest else names, place)
