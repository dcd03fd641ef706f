"""Who is who, from facts: pure, and independent of the order in which the facts are given.

1. Joins by hand and aliases between two known ids, or between two visitors, unite what they name. A
   separation by hand wins: unions are taken in order, joins by hand first, then by age, and one that would
   bring two separated identifiers together is held back.
2. An alias names the id used before, which may have been a visitor's or a known one. It is read as both; as a
   known one only where no alias leads from it to somebody else.
3. A visitor belongs to a person where all links from the visitor lead to this one person. Where they lead to
   several (a shared device, a shared mailbox) the visitor stays a person of their own, so that nobody is ever
   chained to somebody else through a visitor.
4. A person is called by the known id, else the visitor, that the oldest link names; of its two the one used
   from now on.

The time is that of finding connected components: linear, but for components with a separation inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from wegmarke.people.contracts import Conflict, Facts, Resolution, Says, Why
from wegmarke.people.identifiers import KNOWN, MARK, VISITOR
from wegmarke.people.uniting import unite_apart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

NEVER: Final = np.iinfo(np.int64).max
"""When an identifier was first named that no link names."""
OTHER, ONE, READ = range(3)
"""The identifiers of one fact in the order in which they give a person their name."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Facts with identifiers as codes; `first` orders the identifiers by when a link first named them."""

    texts: pa.StringArray
    visitor: Flags
    first: Codes
    number: Codes
    says: NDArray[np.int8]
    one: Codes
    other: Codes

    def pairs(self, chosen: Flags) -> Codes:
        """Return the two identifiers of some facts, a row each."""
        return np.stack([self.one[chosen], self.other[chosen]], axis=1)


def resolve(facts: Facts) -> Resolution:
    """Say who is who."""
    if not len(facts):
        return Resolution(facts.one, facts.other)
    named = _named(facts)
    apart = named.pairs((named.says == Says.SEPARATION) & (named.one != named.other))
    group, held_back = _united(named, apart)
    person, conflicts = _attached(named, group, apart)
    name = _names(named, person)
    kept = np.flatnonzero(named.first < NEVER)
    order = kept[np.lexsort((named.first[kept], ~named.visitor[kept], named.first[name[kept]]))]
    return Resolution(
        identifiers=named.texts.take(pa.array(order)),
        names=named.texts.take(pa.array(name[order])),
        conflicts=_told(named, name, [*held_back, *conflicts]),
    )


@dataclass(frozen=True, slots=True)
class _Open:
    """One conflict in codes; `persons` by any of their identifiers."""

    why: Why
    identifiers: tuple[int, ...]
    persons: tuple[int, ...]


def _named(facts: Facts) -> _Named:
    """Code the identifiers, with the known ids that aliases may mean added as facts of their own."""
    facts, place = _with_readings(facts)
    both = pa.chunked_array([facts.one, facts.other], pa.string()).dictionary_encode().unify_dictionaries()
    texts = both.chunk(0).dictionary
    code = np.concatenate([chunk.indices.to_numpy() for chunk in both.chunks]).astype(np.int64)
    one, other = code[: len(facts)], code[len(facts) :]
    first = np.full(len(texts), NEVER, np.int64)
    links = facts.says != Says.SEPARATION
    np.minimum.at(first, one[links], facts.number[links] * 3 + place[links])
    np.minimum.at(first, other[links], facts.number[links] * 3 + OTHER)
    visitor = pc.starts_with(texts, VISITOR).to_numpy(zero_copy_only=False)
    return _Named(texts, visitor, first, facts.number, facts.says, one, other)


def _with_readings(facts: Facts) -> tuple[Facts, Codes]:
    """Add what aliases from a visitor's id mean if that id was a known one; say which are added."""
    place = np.full(len(facts), ONE, np.int64)
    alias = pc.and_(pc.starts_with(facts.one, VISITOR), pc.invert(pc.starts_with(facts.other, VISITOR)))
    chosen = np.flatnonzero((facts.says == Says.ALIAS) & alias.to_numpy(zero_copy_only=False))
    one, other = facts.one.take(pa.array(chosen)), facts.other.take(pa.array(chosen))
    pairs = pa.table({"one": one, "other": other}).group_by("one").aggregate([("other", "count_distinct")])
    single = pairs.column("one").filter(pc.equal(pairs.column("other_count_distinct"), 1))
    read = pc.utf8_slice_codeunits(one, len(VISITOR))
    read = pc.if_else(pc.starts_with(read, MARK), pc.binary_join_element_wise(KNOWN, read, ""), read)
    kept = pc.and_(pc.is_in(one, value_set=single), pc.not_equal(read, other))
    rows = chosen[kept.to_numpy(zero_copy_only=False)]
    added = Facts(
        np.concatenate([facts.number, facts.number[rows]]),
        np.concatenate([facts.says, facts.says[rows]]),
        pa.concat_arrays([facts.one, read.filter(kept)]),
        pa.concat_arrays([facts.other, facts.other.take(pa.array(rows))]),
    )
    return added, np.concatenate([place, np.full(len(rows), READ, np.int64)])


def _united(named: _Named, apart: Codes) -> tuple[Codes, list[_Open]]:
    """Return the group of each identifier after joins and aliases, and what separations held back."""
    alike = named.visitor[named.one] == named.visitor[named.other]
    unites = (named.says == Says.JOIN) | ((named.says == Says.ALIAS) & alike)
    edges = named.pairs(unites)
    group = _components(edges, len(named.texts))
    torn = np.unique(group[apart[:, 0]][group[apart[:, 0]] == group[apart[:, 1]]])
    if not len(torn):
        return group, []
    inside = np.isin(group[edges[:, 0]], torn)
    joins = named.says[unites] == Says.JOIN
    ranked = np.lexsort((named.number[unites], ~joins))
    ordered = edges[ranked[inside[ranked]]].tolist()
    separated = apart[np.isin(group[apart[:, 0]], torn)].tolist()
    kept, held_back = unite_apart(ordered, separated)
    remaining = np.concatenate([edges[~inside], np.array(kept, np.int64).reshape(-1, 2)])
    decided = {frozenset(pair) for pair in separated}
    told = {frozenset(pair): pair for pair in held_back if frozenset(pair) not in decided}
    conflicts = [_Open(Why.HELD_APART, (one, other), (one, other)) for one, other in told.values()]
    return _components(remaining, len(named.texts)), conflicts


def _components(edges: Codes, count: int) -> Codes:
    ones = np.ones(len(edges), np.int8)
    graph = coo_array((ones, (edges[:, 0], edges[:, 1])), shape=(count, count))
    group: Codes = connected_components(graph, directed=False)[1].astype(np.int64)
    return group


def _attached(named: _Named, group: Codes, apart: Codes) -> tuple[Codes, list[_Open]]:
    """Return the person of each identifier once visitors belong to persons, and the conflicts of visitors."""
    count = len(named.texts)
    knows = np.zeros(count, np.bool_)
    knows[group[~named.visitor]] = True
    pairs = _meetings(named, group, knows)
    separated = np.sort(group[apart], axis=1)
    pairs = pairs[~np.isin(_key(np.sort(pairs, axis=1), count), _key(separated, count))]
    met = np.bincount(pairs[:, 0], minlength=count) if len(pairs) else np.zeros(count, np.int64)
    person = np.arange(count)
    only = pairs[met[pairs[:, 0]] == 1]
    person[only[:, 0]] = only[:, 1]
    conflicts = _of_several(pairs[met[pairs[:, 0]] > 1], group)
    # Two visitors that are separated cannot both be this person; which one is, nobody can say.
    together = person[separated[:, 0]] == person[separated[:, 1]]
    for one, other in np.unique(separated[together], axis=0).tolist():
        whose = _members(group, int(person[one]))[0]
        found = _members(group, one) + _members(group, other)
        conflicts.append(_Open(Why.BOTH_LINKED, found, (whose,)))
    alone = np.unique(separated[together])
    person[alone] = alone
    return person[group], conflicts


def _meetings(named: _Named, group: Codes, knows: Flags) -> Codes:
    """Return each pair of a group of visitors and a person once, where a message named one of each."""
    links = (named.says == Says.SEEN) | (named.says == Says.ALIAS)
    crossing = links & (named.visitor[named.one] != named.visitor[named.other])
    pairs = named.pairs(crossing)
    swapped = ~named.visitor[pairs[:, 0]]
    pairs[swapped] = pairs[swapped][:, ::-1]
    met = group[pairs]
    met = met[~knows[met[:, 0]]]  # whoever was joined with a person by hand is decided
    keys = np.unique(_key(met, len(group)))
    return np.stack(np.divmod(keys, len(group)), axis=1)


def _key(pairs: Codes, count: int) -> Codes:
    return pairs[:, 0] * count + pairs[:, 1]


def _of_several(pairs: Codes, group: Codes) -> list[_Open]:
    """Tell the conflicts of groups of visitors that were met with several persons."""
    if not len(pairs):
        return []
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(group) + 1))

    def members(one: int) -> tuple[int, ...]:
        return tuple(order[starts[one] : starts[one + 1]].tolist())

    visitors, begin = np.unique(pairs[:, 0], return_index=True)
    persons = np.split(pairs[:, 1], begin[1:])
    return [
        _Open(Why.SEVERAL_PERSONS, members(one), tuple(members(other)[0] for other in others.tolist()))
        for one, others in zip(visitors.tolist(), persons, strict=True)
    ]


def _members(group: Codes, one: int) -> tuple[int, ...]:
    return tuple(np.flatnonzero(group == one).tolist())


def _names(named: _Named, person: Codes) -> Codes:
    """Return for each identifier the one that names its person."""
    order = np.lexsort((named.first, named.visitor, person))
    begins = np.ones(len(order), np.bool_)
    begins[1:] = person[order][1:] != person[order][:-1]
    name = np.empty(len(order), np.int64)
    name[order] = order[begins][np.cumsum(begins) - 1]
    return name


def _told(named: _Named, name: Codes, conflicts: Iterable[_Open]) -> tuple[Conflict, ...]:
    """Put conflicts into texts, in the order in which their identifiers were first named."""
    first = named.first

    def ordered(codes: Iterable[int]) -> list[int]:
        return sorted({one for one in codes if first[one] < NEVER}, key=lambda one: first[one])

    told = [
        (one.why, ordered(one.identifiers), ordered(int(name[person]) for person in one.persons))
        for one in conflicts
    ]
    told.sort(key=lambda one: ([int(first[code]) for code in one[1]], one[0]))
    text = named.texts
    return tuple(
        Conflict(why, tuple(text[at].as_py() for at in who), tuple(text[at].as_py() for at in persons))
        for why, who, persons in told
    )
