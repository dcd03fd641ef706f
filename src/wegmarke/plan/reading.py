"""YAML text to plain values that fit a shape, with every misfit named by line and column."""

from __future__ import annotations

import contextlib
import difflib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from wegmarke.plan.composing import KINDS, LISTS, Node, UnreadableError, compose
from wegmarke.plan.findings import MAX_FINDINGS, Finding, gettext_noop
from wegmarke.plan.plain import LARGEST_WHOLE
from wegmarke.plan.shapes import Choice, Day, Either, Many, Number, Record, Scalar, Shape, Truth, Words

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
_NUL = "\0"


@dataclass
class Read:
    """Plain values, where each path stands in the text, and what did not fit."""

    value: Any = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(text: str, shape: Shape) -> Read:
    """Read one YAML document of a shape. Raises `UnreadableError` where it is no YAML or too big."""
    node = compose(text)
    if node is None:
        raise UnreadableError(Finding("", gettext_noop("The document is empty."), {}, 1, 1))
    reader = _Reader()
    with contextlib.suppress(_EnoughError):
        reader.result.value = reader.value(node, shape, "")
    return reader.result


class _EnoughError(Exception):
    """So many misfits were found that nobody reads more of them."""


_NOTHING = object()


class _Reader:
    """One walk along shape and nodes; collects misfits instead of stopping at the first."""

    def __init__(self) -> None:
        self.result = Read()
        self._by_shape: dict[type, Callable[[Any, Any, str], Any]] = {
            Words: self._words,
            Number: self._number,
            Truth: self._truth,
            Scalar: self._scalar,
            Day: self._day,
            Choice: self._choice,
            Many: self._many,
            Record: self._record,
            Either: self._either,
        }

    def value(self, node: Node, shape: Shape, path: str) -> Any:  # noqa: ANN401 - any plain value
        self.result.places.setdefault(path, _place(node))
        if node.kind not in KINDS:
            self._misfit(node, path, gettext_noop("The tag “%(tag)s” is not read."), tag=node.kind)
            return _NOTHING
        return self._by_shape[type(shape)](node, shape, path)

    def _misfit(self, node: Node, path: str, problem: str, **values: object) -> None:
        self.result.findings.append(Finding(path, problem, values, *_place(node)))
        if len(self.result.findings) == MAX_FINDINGS:
            raise _EnoughError

    def _words(self, node: Node, _shape: Words, path: str) -> Any:  # noqa: ANN401
        if node.kind == "str":
            return self._kept(node, path)
        if node.kind not in {"null", *LISTS}:
            problem = gettext_noop("A text is needed here: write “%(value)s” in quotation marks.")
            self._misfit(node, path, problem, value=node.scalar)
        else:
            self._misfit(node, path, gettext_noop("A text is needed here."))
        return _NOTHING

    def _number(self, node: Node, _shape: Number, path: str) -> Any:  # noqa: ANN401
        number = _number_of(node)
        if number is None:
            self._misfit(node, path, gettext_noop("A number is needed here."))
            return _NOTHING
        return self._counted(node, number, path)

    def _counted(self, node: Node, number: float, path: str) -> Any:  # noqa: ANN401 - a number, or nothing
        if isinstance(number, int) and abs(number) > LARGEST_WHOLE:
            problem = gettext_noop("This number is too large; write an identifier in quotation marks.")
            self._misfit(node, path, problem)
            return _NOTHING
        return number

    def _kept(self, node: Node, path: str) -> Any:  # noqa: ANN401 - a text, or nothing
        """Return a text that can be kept; a database cannot keep a NUL."""
        if _NUL in node.scalar:
            self._misfit(node, path, gettext_noop("The text holds a character that cannot be kept (U+0000)."))
            return _NOTHING
        return node.scalar

    def _truth(self, node: Node, _shape: Truth, path: str) -> Any:  # noqa: ANN401
        if node.kind == "bool":
            return node.scalar.lower() == "true"
        self._misfit(node, path, gettext_noop("“true” or “false” is needed here."))
        return _NOTHING

    def _scalar(self, node: Node, _shape: Scalar, path: str) -> Any:  # noqa: ANN401
        if node.kind == "bool":
            return node.scalar.lower() == "true"
        number = _number_of(node)
        if number is not None:
            return self._counted(node, number, path)
        if node.kind == "str":
            return self._kept(node, path)
        self._misfit(node, path, gettext_noop("A text, a number, true or false is needed here."))
        return _NOTHING

    def _day(self, node: Node, _shape: Day, path: str) -> Any:  # noqa: ANN401
        try:
            return date.fromisoformat(node.scalar).isoformat()
        except ValueError:
            self._misfit(node, path, gettext_noop("A day such as 2026-12-31 is needed here."))
            return _NOTHING

    def _choice(self, node: Node, shape: Choice, path: str) -> Any:  # noqa: ANN401
        if node.scalar in shape.words:
            return node.scalar
        words = ", ".join(shape.words)
        self._misfit(node, path, gettext_noop("One of these is needed here: %(words)s."), words=words)
        return _NOTHING

    def _many(self, node: Node, shape: Many, path: str) -> Any:  # noqa: ANN401
        if shape.or_one and node.kind != "seq":
            alone = self.value(node, shape.each, path)
            return [] if alone is _NOTHING else [alone]
        if node.kind != "seq":
            self._misfit(node, path, gettext_noop("A list is needed here."))
            return _NOTHING
        if len(node.items) < shape.least:
            problem = gettext_noop("The list needs at least %(least)d entries.")
            self._misfit(node, path, problem, least=shape.least)
        read_ones = [self.value(one, shape.each, f"{path}[{at}]") for at, one in enumerate(node.items)]
        return [one for one in read_ones if one is not _NOTHING]

    def _either(self, node: Node, shape: Either, path: str) -> Any:  # noqa: ANN401
        if node.kind == "map":
            keys = {key.scalar for key, _ in node.pairs}
            fitting = [r for r in shape.records if keys & set(r.required)] or [shape.records[0]]
            return self._record(node, fitting[0], path)
        if shape.plain is not None and node.kind != "seq":
            return self._words(node, shape.plain, path)
        self._record(node, shape.records[0], path)
        return _NOTHING

    def _record(self, node: Node, shape: Record, path: str) -> Any:  # noqa: ANN401
        if node.kind != "map":
            known = ", ".join(shape.fields)
            self._misfit(
                node, path, gettext_noop("Keys with values are needed here: %(known)s."), known=known
            )
            return _NOTHING
        found: dict[str, Any] = {}
        for key_node, value_node in node.pairs:
            key = self._key(key_node, shape, found, path)
            if key is not None:
                inner = f"{path}.{key}" if path else key
                self.result.places[inner] = _place(key_node)
                found[key] = self.value(value_node, shape.fields[key], inner)
        self._check_keys(node, shape, found, path)
        return {key: value for key, value in found.items() if value is not _NOTHING}

    def _key(self, node: Node, shape: Record, found: dict[str, Any], path: str) -> str | None:
        key = node.scalar
        if node.kind in LISTS:
            self._misfit(node, path, gettext_noop("A key must be a text."))
        elif key in found:
            self._misfit(node, path, gettext_noop("The key “%(key)s” is there twice."), key=key)
        elif key in shape.fields:
            return key
        elif key in shape.renamed:
            problem = gettext_noop("“%(key)s” is now called “%(new)s”.")
            self._misfit(node, path, problem, key=key, new=shape.renamed[key])
        else:
            near = difflib.get_close_matches(key, shape.fields, n=1)
            known = ", ".join(shape.fields)
            problem = gettext_noop("“%(key)s” is not known here. Known are: %(known)s.")
            if near:
                problem = gettext_noop("“%(key)s” is not known here. Did you mean “%(near)s”?")
            self._misfit(node, path, problem, key=key, near=near[0] if near else "", known=known)
        return None

    def _check_keys(self, node: Node, shape: Record, found: dict[str, Any], path: str) -> None:
        for key in shape.required:
            if key not in found:
                self._misfit(node, path, gettext_noop("“%(key)s” is missing."), key=key)
        if shape.exactly_one:
            given = [key for key in shape.exactly_one if key in found]
            if len(given) != 1:
                words = ", ".join(shape.exactly_one)
                problem = gettext_noop("Exactly one of these is needed here: %(words)s.")
                self._misfit(node, path, problem, words=words)
        if len([key for key in shape.at_most_one if key in found]) > 1:
            words = ", ".join(shape.at_most_one)
            self._misfit(node, path, gettext_noop("Only one of these can be given: %(words)s."), words=words)


def _place(node: Node) -> tuple[int, int]:
    return node.line, node.column


def _number_of(node: Node) -> int | float | None:
    if node.kind != "number":
        return None
    written = node.scalar.replace("_", "")
    try:
        return int(written) if _INTEGER.fullmatch(written) else float(written)
    except ValueError:  # other notations (0x1f, .inf, .nan) are no numbers of a plan
        return None
