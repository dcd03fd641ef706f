"""Bind events to touchpoints, and say how each touch was lived through.

Rules without conditions are decided once per distinct event name; only events whose name needs a look at
their properties are looked at one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wegmarke.analysis.journeys import Experience
from wegmarke.record.columns import encoded, floats
from wegmarke.record.contracts import Scale
from wegmarke.record.properties import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from wegmarke.record.contracts import BindingRule, Bindings, Condition

UNBOUND: Final = -1

_BORDERS: Final = {
    # scale: lowest answer, first neutral, first good, highest answer
    Scale.CSAT: (1, 3, 4, 5),
    Scale.CES: (1, 4, 5, 7),
    Scale.NPS: (0, 7, 9, 10),
    Scale.BAD_NEUTRAL_GOOD: (-1, 0, 1, 1),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """One entry per event, in order of arrival.

    `touchpoint` (int32) is the place of the touchpoint in the bindings, or `UNBOUND`; `experience` (uint8) is
    an `Experience`; `name` (int32) is a code of `names`.
    """

    touchpoint: NDArray[np.int32]
    experience: NDArray[np.uint8]
    name: NDArray[np.int32]
    names: tuple[str, ...]

    def unbound_names(self) -> dict[str, int]:
        """Count the events that no rule binds, per event name."""
        counts = np.bincount(self.name[self.touchpoint == UNBOUND], minlength=len(self.names))
        return {self.names[code]: int(counts[code]) for code in np.flatnonzero(counts)}


@dataclass(frozen=True, slots=True)
class _Candidate:
    order: int
    touchpoint: int
    where: tuple[Condition, ...]


def bind(events: pa.Table, bindings: Bindings) -> Bound:
    """Bind every event by the first rule that matches it; `events` follow `EVENT_SCHEMA`."""
    name, texts = encoded(events.column("name"))
    names = tuple(texts.to_pylist())
    touchpoint = _touchpoints(name, _candidates(names, bindings), events.column("properties"))
    return Bound(touchpoint, _experiences(events, touchpoint, bindings), name, names)


def matched(
    name: NDArray[np.int32],
    names: Sequence[str],
    properties: pa.ChunkedArray,
    groups: Sequence[Sequence[BindingRule]],
) -> list[NDArray[np.bool_]]:
    """Say for each group of rules which events at least one of them matches, whoever would come first.

    `name` is a code of `names` per event. Unlike `bind` this looks at every rule, to find overlaps.
    """
    found = [np.zeros(len(name), np.bool_) for _ in groups]
    asked: list[tuple[int, NDArray[np.bool_], tuple[Condition, ...]]] = []
    for at, rules in enumerate(groups):
        for rule in rules:
            by_name = np.fromiter(map(name_test(rule), names), np.bool_, len(names))
            if not rule.where:
                found[at] |= by_name[name]
            elif by_name.any():
                asked.append((at, by_name, rule.where))
    if asked:
        selected = np.logical_or.reduce([by_name for _at, by_name, _where in asked])[name]
        held = _all_hold([where for _at, _by_name, where in asked], properties, selected)
        for (at, by_name, _where), holds in zip(asked, held, strict=True):
            found[at][selected] |= by_name[name[selected]] & holds
    return found


def name_test(rule: BindingRule) -> Callable[[str], bool]:
    """Return what says whether a rule may match events of a name; its conditions are not looked at."""
    if "*" not in rule.event:
        return rule.event.__eq__
    pattern = _pattern(rule)
    return lambda name: pattern.fullmatch(name) is not None


def _candidates(names: Sequence[str], bindings: Bindings) -> list[tuple[_Candidate, ...]]:
    """List for each name the rules to try, in order, up to the first that needs no look at properties."""
    exact: dict[str, list[_Candidate]] = {}
    wild: list[tuple[re.Pattern[str], _Candidate]] = []
    order = 0
    for code, binding in enumerate(bindings.touchpoints):
        for rule in binding.rules:
            candidate = _Candidate(order, code, rule.where)
            if "*" in rule.event:
                wild.append((_pattern(rule), candidate))
            else:
                exact.setdefault(rule.event, []).append(candidate)
            order += 1
    return [_tried(name, exact.get(name, []), wild) for name in names]


def _tried(
    name: str, exact: list[_Candidate], wild: list[tuple[re.Pattern[str], _Candidate]]
) -> tuple[_Candidate, ...]:
    matching = exact + [candidate for pattern, candidate in wild if pattern.fullmatch(name)]
    tried = []
    for candidate in sorted(matching, key=lambda match: match.order):
        tried.append(candidate)
        if not candidate.where:
            break
    return tuple(tried)


def _pattern(rule: BindingRule) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in rule.event.split("*")), re.DOTALL)


def _touchpoints(
    name: NDArray[np.int32], candidates: list[tuple[_Candidate, ...]], properties: pa.ChunkedArray
) -> NDArray[np.int32]:
    by_name = np.array([_without_conditions(tried) for tried in candidates], np.int32)
    touchpoint = by_name[name] if len(by_name) else np.zeros(0, np.int32)
    # grouped by the places of the rules, not by the rules: Python holds `is 1` and `is true` equal
    groups: dict[tuple[int, ...], list[int]] = {}
    for code, tried in enumerate(candidates):
        if any(candidate.where for candidate in tried):
            groups.setdefault(tuple(one.order for one in tried), []).append(code)
    for codes in groups.values():
        selected = _is_one_of(name, codes, len(candidates))
        touchpoint[selected] = _first_match(candidates[codes[0]], properties, selected)
    return touchpoint


def _without_conditions(tried: tuple[_Candidate, ...]) -> int:
    return tried[-1].touchpoint if tried and not tried[-1].where else UNBOUND


def _is_one_of(codes: NDArray[np.int32], wanted: list[int], count: int) -> NDArray[np.bool_]:
    table = np.zeros(count, np.bool_)
    table[wanted] = True
    selected: NDArray[np.bool_] = table[codes]
    return selected


def _first_match(
    tried: tuple[_Candidate, ...], properties: pa.ChunkedArray, selected: NDArray[np.bool_]
) -> NDArray[np.int32]:
    found = _all_hold([candidate.where for candidate in tried], properties, selected)
    result = np.full(int(selected.sum()), UNBOUND, np.int32)
    for candidate, matches in zip(reversed(tried), reversed(found), strict=True):
        result[matches] = candidate.touchpoint
    return result


def _all_hold(
    groups: Sequence[tuple[Condition, ...]], properties: pa.ChunkedArray, selected: NDArray[np.bool_]
) -> list[NDArray[np.bool_]]:
    """Say per group of conditions for which selected events all of them hold."""
    truths = iter(evaluate(properties, selected, [one for group in groups for one in group]))
    count = int(selected.sum())
    return [_conjunction((next(truths) for _ in group), count) for group in groups]


def _conjunction(truths: Iterable[NDArray[np.bool_]], count: int) -> NDArray[np.bool_]:
    together = np.ones(count, np.bool_)
    for truth in truths:
        together &= truth
    return together


def _experiences(events: pa.Table, touchpoint: NDArray[np.int32], bindings: Bindings) -> NDArray[np.uint8]:
    experience = _rated(events)
    if bindings.touchpoints:
        # UNBOUND is -1 and reads the last entry: an event of no touchpoint has only its rating
        otherwise = np.array([*(b.otherwise for b in bindings.touchpoints), Experience.UNKNOWN], np.uint8)
        undecided = experience == Experience.UNKNOWN
        experience[undecided] = otherwise[touchpoint[undecided]]
    for code, binding in enumerate(bindings.touchpoints):
        if not binding.experience:
            continue
        selected = touchpoint == code
        if not selected.any():
            continue
        felt = experience[selected]
        rules = binding.experience
        found = _all_hold([rule.when for rule in rules], events.column("properties"), selected)
        for rule, matches in zip(reversed(rules), reversed(found), strict=True):
            felt[matches] = rule.experience
        experience[selected] = felt
    return experience


def _rated(events: pa.Table) -> NDArray[np.uint8]:
    """Read the ratings on their scales; `UNKNOWN` without a rating, a scale, or outside the scale.

    Ratings between two answers (averages of several questions) are rounded to the nearer one, halves up.
    """
    experience = np.zeros(events.num_rows, np.uint8)
    rating = floats(events.column("rating"))
    if rating is None:
        return experience
    scale, scales = encoded(events.column("scale"))
    for code, text in enumerate(scales.to_pylist()):
        if text not in _BORDERS:
            continue
        lowest, neutral, good, highest = _BORDERS[text]
        at = np.flatnonzero((scale == code) & (rating >= lowest) & (rating <= highest))
        answer = np.floor(rating[at] + np.float32(0.5))
        experience[at] = Experience.BAD + (answer >= neutral).astype(np.uint8) + (answer >= good)
    return experience
