"""The comments of an exported plan: what each section holds and what its keys mean. Pure."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from wegmarke.plan import layout
from wegmarke.plan.findings import gettext_noop
from wegmarke.plan.shapes import Choice, Either, Many, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wegmarke.plan.shapes import Shape

_WIDTH = 108
_INDENT = "  "
HEAD = (
    gettext_noop("A plan of Wegmarke. Texts are plain, or German and English: {de: …, en: …}."),
    gettext_noop("What is left out has its default; all keys are described in docs/guide/plan.md."),
)
_TEXTS = {
    "goal": gettext_noop("What customers want to reach in it."),
    "audience": gettext_noop("Whom it is about: a persona or a segment. Left out: everybody."),
    "anchor": gettext_noop("What day 0 of the phases' days is, such as the start of the contract."),
    "purpose": gettext_noop("Why it exists."),
    "timing": gettext_noop("When it happens and how often, in words."),
    "notes": gettext_noop("Anything else worth knowing."),
    "text": gettext_noop("What is said."),
    "about": gettext_noop("What is meant by it."),
}
"""Keys that hold a text and are not obvious; the layout has one shape for all texts."""
_OBVIOUS = frozenset({"key", "name"})
_ONLY_NAMED = frozenset({"where", "phases", "steps", "rules"})
"""Keys whose inside is not opened up: described elsewhere in the same comment, or too much for one."""


def head(translate: Callable[[str], str]) -> str:
    """Return the comment a document begins with."""
    return _block(line for text in HEAD for line in _wrapped(translate(text), ""))


def section(name: str, translate: Callable[[str], str]) -> str:
    """Return the comment above one key of the document; empty for one that needs none."""
    shape = layout.PLAN.fields[name]
    about = "" if name in _OBVIOUS else shape.about
    lines = list(_wrapped(translate(about), "")) if about else []
    return _block([*lines, *_keys(shape, _INDENT, translate)])


def _keys(shape: Shape, indent: str, translate: Callable[[str], str]) -> Iterator[str]:
    """Yield a line for each key that is not obvious, those of records inside it further in."""
    record = _record_of(shape)
    if record is None:
        return
    for key, inner in record.fields.items():
        if key in _OBVIOUS:
            continue
        about = _TEXTS.get(key, "") if inner is layout.TEXT else inner.about
        words = f" ({', '.join(inner.words)})" if isinstance(inner, Choice) else ""
        text = f"{key}: {translate(about)}{words}" if about else key
        yield from _wrapped(text, indent)
        if key not in _ONLY_NAMED or record is layout.JOURNEY:
            yield from _keys(inner, indent + _INDENT, translate)


def _record_of(shape: Shape) -> Record | None:
    """Return the record whose keys a shape opens into; None for texts, numbers and comparisons."""
    if isinstance(shape, Many):
        return _record_of(shape.each)
    if isinstance(shape, Either):
        return shape.records[0] if shape is layout.EVENT else None
    return shape if isinstance(shape, Record) and shape is not layout.CONDITION else None


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent + _INDENT * 2, break_long_words=False
    )


def _block(lines: Iterator[str] | list[str]) -> str:
    return "".join(f"# {line}\n" for line in lines)
