"""What was found as JSON and back."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from wegmarke.atlas.discovery.contracts import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.record.contracts import BindingRule, Condition


REASONING = 1
"""To be counted up when the rules of grouping change, so that everything is looked at again."""


@cache
def shape() -> int:
    """Return a number for the shape findings are stored in; it changes when any of their types does."""
    schema = json.dumps([REASONING, msgspec.json.schema(Found)], sort_keys=True)
    return zlib.crc32(schema.encode())


def write(found: Found) -> str:
    """Write findings as JSON in plain ASCII, which every database takes."""
    return json.dumps(msgspec.to_builtins(found))


def read(text: str) -> Found:
    """Read findings back; raises `msgspec.ValidationError` where the text is of another shape."""
    found = msgspec.json.decode(text, type=Found)
    candidates = tuple(
        replace(one, rules=tuple(_whole(rule) for rule in one.rules)) for one in found.candidates
    )
    return replace(found, candidates=candidates)


def _whole(rule: BindingRule) -> BindingRule:
    return replace(rule, where=tuple(_whole_number(condition) for condition in rule.where))


def _whole_number(condition: Condition) -> Condition:
    """Bring whole numbers back, which JSON gave as decimals: the plan shows `90`, not `90.0`."""
    value = condition.value
    if isinstance(value, float) and value.is_integer():
        return replace(condition, value=int(value))
    return condition


def ignored(rules: Sequence[BindingRule]) -> int:
    """Return a number for the rules of what is no touchpoint."""
    return zlib.crc32(repr(sorted(map(repr, rules))).encode("utf-8", "surrogatepass"))
