"""Values of conditions as people type them: numbers, true and false, texts, lists. Pure.

A text that would be read as something else is typed in quotation marks, as JSON writes it. In lists, commas
or semicolons set the values apart; where there is a semicolon outside quotation marks, only semicolons do.
`read(typed(value)) == value` for every value a rule may hold.
"""

from __future__ import annotations

import json
import math
import re

Scalar = str | float | bool
Value = Scalar | tuple[Scalar, ...]

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
_TRUTHS = {"true": True, "false": False, "wahr": True, "falsch": False}
_PART = re.compile(r'\s*("(?:[^"\\]|\\.)*"(?=\s*(?:[,;]|$))|[^,;]*)\s*([,;]|$)')
_PART_OF_SEMICOLONS = re.compile(r'\s*("(?:[^"\\]|\\.)*"(?=\s*(?:;|$))|[^;]*)\s*(;|$)')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def read(typed_text: str, *, many: bool = False) -> Value:
    """Return what a typed text means; with `many`, a list of values (empty parts are left out)."""
    if not many:
        return _scalar(typed_text.strip())
    part = _PART_OF_SEMICOLONS if ";" in _QUOTED.sub("", typed_text) else _PART
    found, at = [], 0
    while at < len(typed_text):
        match = part.match(typed_text, at)
        if match is None:  # cannot be: the second half of the pattern takes anything
            break
        if match[1].strip():
            found.append(_scalar(match[1].strip()))
        at = match.end()
    return tuple(found)


def typed(value: object) -> str:
    """Return how a value is typed."""
    if isinstance(value, tuple):
        return "; ".join(_typed_scalar(one, listed=True) for one in value)
    return _typed_scalar(value, listed=False)


def _typed_scalar(value: object, *, listed: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        return str(int(value)) if whole else repr(value)
    text = str(value)
    plain = text and text.isprintable() and text == text.strip() and _scalar(text) == text
    separated = listed and any(c in text for c in ',;"')
    return text if plain and not separated else json.dumps(text, ensure_ascii=not text.isprintable())


def _scalar(text: str) -> Scalar:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        try:
            found = json.loads(text)
        except ValueError:
            return text[1:-1]
        return found if isinstance(found, str) else text
    if (truth := _TRUTHS.get(text.lower())) is not None:
        return truth
    if _NUMBER.fullmatch(text) and text.isascii():
        return _number(text)
    return text


def _number(text: str) -> Scalar:
    """Return a number; one too large for any (1e999, a thousand digits) stays a text."""
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) <= 300 else text  # noqa: PLR2004 - floats end there
    number = float(text.replace(",", "."))
    return number if math.isfinite(number) else text
