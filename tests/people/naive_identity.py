"""Who is who the slow, obvious way: sets of identifiers, one rule of `people.rules` after another."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from wegmarke.people.contracts import Says, Why
from wegmarke.people.identifiers import is_visitor, known, shown


def resolve(rows):
    """Return the name of each identifier that links name, and the conflicts as a set."""
    rows = sorted(rows)
    links = [row for row in rows if row[1] != Says.SEPARATION]
    apart = {frozenset(row[2:]) for row in rows if row[1] == Says.SEPARATION}
    unions = _unions(links)
    first = _first(links, unions)
    conflicts: set = set()
    groups: list[set[str]] = [{one} for row in rows for one in row[2:]]
    groups += [{one} for one in first]
    groups = [set(group) for group in {frozenset(group) for group in groups}]
    held_back = []
    for _by_hand, _number, one, other in unions:
        left, right = (next(group for group in groups if which in group) for which in (one, other))
        if left is right:
            continue
        if _separated(left, right, apart):
            if frozenset((one, other)) not in apart:
                held_back.append((one, other))
            continue
        groups.remove(right)
        left |= right
    persons = _attach(groups, links, apart, conflicts)
    name = {}
    for person in persons:
        mentioned = [one for one in person if one in first]
        if mentioned:
            called = min(mentioned, key=lambda one: (is_visitor(one), first[one]))
            name |= dict.fromkeys(mentioned, called)
    told = {(Why.HELD_APART, frozenset(pair), frozenset(name[one] for one in pair)) for pair in held_back}
    for why, identifiers, others in conflicts:
        called = frozenset(name[one] for one in others if one in name)
        told.add((why, frozenset(one for one in identifiers if one in first), called))
    return name, told


def _unions(links):
    """List what unites: joins first, then aliases by age; an alias's old id is read as a known one too."""
    leads_to = defaultdict(set)
    for _number, says, one, other in links:
        if says == Says.ALIAS and is_visitor(one) and not is_visitor(other):
            leads_to[one].add(other)
    found = []
    for number, says, one, other in links:
        if says == Says.JOIN or (says == Says.ALIAS and is_visitor(one) == is_visitor(other)):
            found.append((says != Says.JOIN, number, one, other))
        elif says == Says.ALIAS and len(leads_to[one]) == 1 and known(shown(one)) != other:
            found.append((True, number, known(shown(one)), other))
    return sorted(found)


def _first(links, unions):
    """Order identifiers by when a link first named them; what an alias only may have meant comes last."""
    first = {}
    for number, _says, one, other in links:
        for place, identifier in ((0, other), (1, one)):
            first.setdefault(identifier, (number, place))
    for _by_hand, number, one, _other in unions:
        first[one] = min(first.get(one, (number, 2)), (number, 2))
    return first


def _attach(groups, links, apart, conflicts):
    """Give each group of visitors to the one person it was met with."""
    persons = [set(group) for group in groups if not all(map(is_visitor, group))]
    visitors = [set(group) for group in groups if all(map(is_visitor, group))]
    belongs = {}
    for at, group in enumerate(visitors):
        met = [which for which, person in enumerate(persons) if _met(group, person, links, apart)]
        if len(met) == 1:
            belongs[at] = met[0]
        elif met:
            conflicts.add(
                (Why.SEVERAL_PERSONS, frozenset(group), frozenset(min(persons[one]) for one in met))
            )
    torn = set()
    for (at, person), (other, same) in combinations(belongs.items(), 2):
        if person == same and _separated(visitors[at], visitors[other], apart):
            torn |= {at, other}
            both = visitors[at] | visitors[other]
            conflicts.add((Why.BOTH_LINKED, frozenset(both), frozenset([min(persons[person])])))
    result = [set(person) for person in persons]
    for at, group in enumerate(visitors):
        if at in belongs and at not in torn:
            result[belongs[at]] |= group
        else:
            result.append(group)
    return result


def _met(group, person, links, apart) -> bool:
    """Say whether a message named a visitor of the group together with a known id of the person."""
    return not _separated(group, person, apart) and any(
        {one, other} & group and {one, other} & person and is_visitor(one) != is_visitor(other)
        for _number, says, one, other in links
        if says != Says.JOIN
    )


def _separated(left, right, apart) -> bool:
    return any(frozenset((one, other)) in apart for one in left for other in right)
