"""Binding and experience rules as plain values and back; a part of `plan.plain`."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from wegmarke.analysis.journeys import Experience
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wegmarke.plan.contracts import Touchpoint

Plain = dict[str, Any]
_FELT = {"bad": Experience.BAD, "good": Experience.GOOD, "neutral": Experience.NEUTRAL}


def rule_of(plain: str | Plain) -> BindingRule:
    """Return one binding rule."""
    if isinstance(plain, str):
        return BindingRule(plain)
    return BindingRule(plain["event"], tuple(_condition(one) for one in plain.get("where", ())))


def plain_rule(rule: BindingRule) -> str | Plain:
    """Return one binding rule as plain values: the name of the event alone where it has no conditions."""
    if not rule.where:
        return rule.event
    return {"event": rule.event, "where": [_plain_condition(one) for one in rule.where]}


def experience_rules(felt: Plain) -> Iterable[ExperienceRule]:
    """Yield the rules of an experience in the order written."""
    for word, entries in felt.items():
        if word in _FELT:
            for entry in entries:
                conditions = entry.get("all", (entry,))
                yield ExperienceRule(_FELT[word], tuple(_condition(one) for one in conditions))
        elif word == "rules":
            for group in entries:
                yield from experience_rules(group)


def plain_experience(touchpoint: Touchpoint) -> Plain:
    """Return how a touch is lived through as plain values; empty where nothing is said."""
    groups = [
        (felt.name.lower(), [_plain_when(rule) for rule in rules])
        for felt, rules in groupby(touchpoint.experience, key=lambda rule: rule.experience)
    ]
    words = [word for word, _ in groups]
    plain: Plain = dict(groups)
    if len(set(words)) < len(words):
        plain = {"rules": [{word: rules} for word, rules in groups]}
    if touchpoint.otherwise is not None:
        plain["otherwise"] = touchpoint.otherwise.name.lower()
    return plain


def exact(plain: object) -> str:
    """Return plain values as one text, to compare them by.

    Python takes 1 for true and forgets the order of keys. In a plan neither is the same: a condition tells
    the number from the truth, and of an experience the first rule that holds decides.
    """
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def same_rules(one: Sequence[BindingRule], other: Sequence[BindingRule]) -> bool:
    """Say whether binding rules are the same, in the same order."""
    return exact([plain_rule(rule) for rule in one]) == exact([plain_rule(rule) for rule in other])


def _plain_when(rule: ExperienceRule) -> Plain:
    conditions = [_plain_condition(one) for one in rule.when]
    return conditions[0] if len(conditions) == 1 else {"all": conditions}


def _condition(plain: Plain) -> Condition:
    operator = next(Operator(key) for key in plain if key != "property")
    value = plain[operator.value]
    return Condition(plain["property"], operator, tuple(value) if isinstance(value, list) else value)


def _plain_condition(condition: Condition) -> Plain:
    value = condition.value
    return {
        "property": condition.key,
        condition.operator.value: list(value) if isinstance(value, tuple) else value,
    }
