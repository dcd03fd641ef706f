"""Unite what belongs together while keeping apart what was separated by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Pair = Sequence[int]


def unite_apart(edges: Iterable[Pair], apart: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Take unions one after another; return those taken, and those that would unite what is `apart`."""
    groups = _Groups(apart)
    taken: list[Pair] = []
    held_back: list[Pair] = []
    for edge in edges:
        (taken if groups.unite(edge[0], edge[1]) else held_back).append(edge)
    return taken, held_back


class _Groups:
    """Disjoint sets, each with the sets it must never be united with."""

    def __init__(self, apart: Iterable[Pair]) -> None:
        self._parent: dict[int, int] = {}
        self._foes: dict[int, set[int]] = {}
        for one, other in apart:
            if one != other:
                self._foes.setdefault(one, set()).add(other)
                self._foes.setdefault(other, set()).add(one)

    def unite(self, one: int, other: int) -> bool:
        """Unite the sets of two; False where they are to stay apart."""
        left, right = self._root(one), self._root(other)
        if left == right:
            return True
        if right in self._foes.get(left, ()):
            return False
        if len(self._foes.get(left, ())) > len(self._foes.get(right, ())):
            left, right = right, left
        for foe in self._foes.pop(left, set()):
            self._foes[foe].discard(left)
            self._foes[foe].add(right)
            self._foes.setdefault(right, set()).add(foe)
        self._parent[left] = right
        return True

    def _root(self, one: int) -> int:
        while (above := self._parent.get(one, one)) != one:
            self._parent[one] = self._parent.get(above, above)
            one = above
        return one
