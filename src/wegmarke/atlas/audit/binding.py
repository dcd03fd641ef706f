"""Binding rules that can bind nothing: impossible ones, and those an earlier one takes all from. Pure."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from wegmarke.atlas.audit.contracts import Finding, Kind, Severity
from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wegmarke.atlas.audit.contracts import Ground
    from wegmarke.record.contracts import BindingRule, Condition

ANYTHING = "\N{NULL}"
"""Stands for what a wildcard may be; no event name holds it, so only a wildcard matches it."""


def no_rule(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints without a rule: the record can never show them."""
    if ground.plan.unbound_names_are_touchpoints:
        return
    for one in ground.live:
        if not one.rules:
            yield Finding(Kind.NO_RULE, Severity.LOW, (one.key,), field="rules")


def rule_impossible(ground: Ground) -> Iterator[Finding]:
    """Find rules whose conditions contradict each other."""
    for one in ground.live:
        wrong = tuple(rule.event for rule in one.rules if contradicts(rule.where))
        if wrong:
            severity = Severity.HIGH if len(wrong) == len(one.rules) else Severity.MEDIUM
            yield Finding(Kind.RULE_IMPOSSIBLE, severity, (one.key,), values={"events": wrong}, field="rules")


def rule_taken(ground: Ground) -> Iterator[Finding]:
    """Find rules of which every event goes to a touchpoint that stands earlier in the plan."""
    live = {one.key for one in ground.live}
    exact: dict[str, list[tuple[str, BindingRule]]] = {}
    wild: list[tuple[str, BindingRule]] = []
    for one in ground.plan.touchpoints:
        taken = [
            (rule.event, by)
            for rule in one.rules
            if (by := taker(rule, (*exact.get(rule.event, ()), *wild))) is not None
        ]
        for rule in one.rules:
            (wild if "*" in rule.event else exact.setdefault(rule.event, [])).append((one.key, rule))
        if taken and one.key in live:
            takers = tuple(dict.fromkeys(key for _event, key in taken))
            whole = len(taken) == len(one.rules)
            values = {"events": tuple(event for event, _key in taken), "whole": whole}
            severity = Severity.HIGH if whole else Severity.MEDIUM
            yield Finding(Kind.RULE_TAKEN, severity, (one.key, *takers), values=values, field="rules")


def taker(rule: BindingRule, earlier: Sequence[tuple[str, BindingRule]]) -> str | None:
    """Return the touchpoint whose rule takes every event of `rule`; None where some are left."""
    return next((key for key, other in earlier if covers(other, rule)), None)


def covers(earlier: BindingRule, later: BindingRule) -> bool:
    """Say whether every event of the later rule is one of the earlier; False where that is not certain."""
    if "*" not in earlier.event and earlier.event != later.event:
        return False
    pattern = ".*".join(re.escape(part) for part in earlier.event.split("*"))
    if not re.fullmatch(pattern, later.event.replace("*", ANYTHING), re.DOTALL):
        return False
    return all(any(_implies(given, wanted) for given in later.where) for wanted in earlier.where)


def _implies(given: Condition, wanted: Condition) -> bool:
    """Say whether a condition cannot hold without the other holding as well."""
    if given.key != wanted.key:
        return False
    if wanted.operator is Operator.EXISTS:
        if given.operator is Operator.EXISTS:
            return (given.value is not False) == (wanted.value is not False)
        return wanted.value is not False  # no other condition holds for what is not there
    mine, theirs = _listed(given), _listed(wanted)
    if mine is not None and theirs is not None:
        return mine <= theirs
    return given.operator is wanted.operator and _read(given.value) == _read(wanted.value)


def contradicts(where: Sequence[Condition]) -> bool:
    """Say whether conditions can never hold together; False where that is not certain."""
    for key in {one.key for one in where}:
        about = [one for one in where if one.key == key]
        lists = [found for one in about if (found := _listed(one)) is not None]
        if lists and not frozenset.intersection(*lists):
            return True
        if any(one.operator is Operator.EXISTS and one.value is False for one in about) and len(about) > 1:
            return any(one.operator is not Operator.EXISTS or one.value is not False for one in about)
        if _empty_range(about):
            return True
    return False


def _empty_range(about: Sequence[Condition]) -> bool:
    lowest, highest, open_end = -math.inf, math.inf, False
    for one in about:
        limit = _read(one.value)
        if not isinstance(limit, float):
            continue
        if one.operator in (Operator.ABOVE, Operator.AT_LEAST):
            lowest = max(lowest, limit)
        elif one.operator in (Operator.BELOW, Operator.AT_MOST):
            highest = min(highest, limit)
        open_end = open_end or one.operator in (Operator.ABOVE, Operator.BELOW)
    return lowest > highest or (lowest == highest and open_end)


def _listed(condition: Condition) -> frozenset[object] | None:
    """Return the values a condition allows, where it lists them."""
    if condition.operator is Operator.IS:
        return frozenset([_read(condition.value)])
    if condition.operator is Operator.IN and isinstance(condition.value, tuple):
        return frozenset(_read(value) for value in condition.value)
    return None


def _read(value: object) -> object:
    """Read a value as the record compares it: numbers and truths in any spelling alike."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return ("truth", value.strip().lower() == "true")
    try:
        return float(value) if isinstance(value, int | float | str) else value
    except ValueError:
        return value
