"""Values of a row: what is for programs and what for people, and JSON that somebody else wrote."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from enum import Enum

    from django.db.models import TextChoices

    from wegmarke.people.access.contracts import Text

DEEPEST: Final = 40
"""What is nested deeper is told as the text it came as; nobody reads that as a list in a list."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A value that `data.json` writes as its code and the page in words."""

    code: str
    words: Text


def coded(kinds: type[TextChoices], text: str) -> Coded | None:
    """Return one of some choices; what a later version may have written stands for itself."""
    if not text:
        return None
    return Coded(text, kinds(text).label) if text in set(kinds) else Coded(text, text)


def named(member: Enum, words: Text) -> Coded:
    """Return a member of an enumeration without words of its own."""
    return Coded(member.name.lower(), words)


def opened(text: str | bytes | None) -> Any:  # noqa: ANN401 - JSON
    """Return what a JSON text says, or the text itself where it is none or nested too deeply."""
    if text is None:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if _depth(value) > DEEPEST:
        return text.decode("utf-8", "surrogatepass") if isinstance(text, bytes) else text
    return value


def _depth(value: object) -> int:
    """Return how deep lists and objects are nested, without recursion, and stop where it is too deep."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        inner: list[object] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        depth, level = depth + 1, inner
    return depth


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - JSON, kind by kind
    """Return a value as `data.json` has it: moments in UTC, codes for words, nothing JSON does not know."""
    if isinstance(value, Coded):
        return value.code
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def as_json(value: object) -> bytes:
    """Return a value as JSON; half a surrogate pair, which no file can hold, is written as its escape."""
    return json.dumps(plain(value), ensure_ascii=False).encode("utf-8", "backslashreplace")
