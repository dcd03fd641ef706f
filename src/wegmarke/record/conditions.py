"""When a condition holds: the one place that says how a property of an event is compared.

Properties come from JSON, from CSV columns and from other programs, so the same figure may arrive as `60`, as
`60.0` or as `"60"`. Comparisons therefore read numbers and texts that spell a number alike, and likewise
true/false; anything else is compared as text.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from collections.abc import Callable

    from wegmarke.record.contracts import Condition


class Missing:
    """The property is not there; JSON's `null` counts as not there, too."""

    def __repr__(self) -> str:
        """Name it in failing tests."""
        return "MISSING"


MISSING: Final = Missing()


def holds(condition: Condition, value: object) -> bool:
    """Say whether a condition holds for the decoded value of its property, or for `MISSING`.

    A missing property fulfils nothing but `exists` with False.
    """
    if condition.operator is Operator.EXISTS:
        return (value is not MISSING and value is not None) is (condition.value is not False)
    if value is MISSING or value is None:
        return False
    return _TESTS[condition.operator](value, condition.value)


def look_up(properties: object, key: str) -> object:
    """Find a property by its key, else by its dotted path through objects and lists; `MISSING` where none is.

    A key that itself contains dots wins over the path, since columns of files are named like that.
    """
    if isinstance(properties, dict) and properties.get(key) is not None:
        return properties[key]
    found = properties
    for part in key.split("."):
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list) and part.isascii() and part.isdecimal() and str(int(part)) == part:
            found = found[int(part)] if int(part) < len(found) else None
        else:
            return MISSING
    return MISSING if found is None else found


def _number(value: object) -> float | None:
    """Read a number or a text that spells one; true and false are none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _finite(value)
    if isinstance(value, str) and value[:1] in "+-.0123456789":
        try:
            return _finite(float(value)) if "_" not in value else None
        except ValueError:
            return None
    return None


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return None


def _same(found: object, wanted: object) -> bool:
    if isinstance(found, dict | list):
        return False
    for reading in (_number, _truth):
        left, right = reading(found), reading(wanted)
        if left is not None or right is not None:
            return left == right
    return found == wanted


def _is_in(found: object, wanted: object) -> bool:
    return isinstance(wanted, tuple) and any(_same(found, one) for one in wanted)


def _contains(found: object, wanted: object) -> bool:
    """Find a text in a text, upper and lower case alike, or an element in a list."""
    if isinstance(found, list):
        return any(_same(one, wanted) for one in found)
    return isinstance(found, str) and isinstance(wanted, str) and wanted.casefold() in found.casefold()


def _like(found: object, wanted: object) -> bool:
    """Compare a text with a pattern in which `*` is any run of characters without a slash."""
    if not isinstance(found, str) or not isinstance(wanted, str):
        return False
    return _pattern(wanted).fullmatch(found) is not None


@lru_cache(maxsize=1000)
def _pattern(text: str) -> re.Pattern[str]:
    # A run of stars says no more than one, and would make a pattern that takes for ever to fail.
    return re.compile("[^/]*".join(re.escape(part) for part in re.split(r"\*+", text)), re.DOTALL)


def _ordered(decide: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    """Compare numbers by size and, where the wanted value spells no number, texts (ISO dates) by letters."""

    def compare(found: object, wanted: object) -> bool:
        limit = _number(wanted)
        if limit is not None:
            number = _number(found)
            return number is not None and decide(number, limit)
        return isinstance(found, str) and isinstance(wanted, str) and decide(found, wanted)

    return compare


_TESTS: Final[dict[Operator, Callable[[object, object], bool]]] = {
    Operator.IS: _same,
    Operator.IS_NOT: lambda found, wanted: not _same(found, wanted),
    Operator.IN: _is_in,
    Operator.ABOVE: _ordered(lambda found, limit: bool(found > limit)),
    Operator.AT_LEAST: _ordered(lambda found, limit: bool(found >= limit)),
    Operator.BELOW: _ordered(lambda found, limit: bool(found < limit)),
    Operator.AT_MOST: _ordered(lambda found, limit: bool(found <= limit)),
    Operator.CONTAINS: _contains,
    Operator.LIKE: _like,
}
