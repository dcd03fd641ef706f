"""YAML text to plain values that fit a shape, with every misfit named by line and column."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from wegmarke.plan.findings import Finding, gettext_noop
from wegmarke.plan.shapes import Choice, Day, Either, Many, Number, Record, Scalar, Shape, Truth, Words

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 20
MAX_NODES = 100_000
MAX_FINDINGS = 50
_TAG = "tag:yaml.org,2002:"
_PLAIN = {_TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")


class UnreadableError(Exception):
    """The text cannot be read any further; carries the one finding that says why."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding."""
        self.finding = finding
        super().__init__(str(finding))


@dataclass
class Read:
    """Plain values, where each path stands in the text, and what did not fit."""

    value: Any = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(text: str, shape: Shape) -> Read:
    """Read one YAML document of a shape. Raises `UnreadableError` where it is no YAML or too big."""
    if len(text) > MAX_CHARACTERS:
        _stop(
            gettext_noop("The document has %(n)d characters; at most %(most)d are read."),
            1,
            1,
            n=len(text),
            most=MAX_CHARACTERS,
        )
    reader = _Reader()
    try:
        _check_size(text)
        node = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _stop(gettext_noop("This is no valid YAML: %(reason)s."), line, column, reason=error.problem)
    except YAMLError as error:
        _stop(gettext_noop("This is no valid YAML: %(reason)s."), 1, 1, reason=str(error).split("\n", 1)[0])
    if node is None:
        _stop(gettext_noop("The document is empty."), 1, 1)
    reader.result.value = reader.value(node, shape, "")
    return reader.result


def _stop(problem: str, line: int, column: int, **values: object) -> NoReturn:
    raise UnreadableError(Finding("", problem, values, line, column))


def _check_size(text: str) -> None:
    """Walk the events without building anything, so that no document can be deep or many."""
    depth = documents = 0
    for nodes, event in enumerate(YAML(typ="rt", pure=True).parse(text)):
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
        documents += isinstance(event, DocumentStartEvent)
        if documents > 1:
            _stop(gettext_noop("A second document begins here; one is read."), line, column)
        if isinstance(event, AliasEvent):
            # An alias lets a small text stand for a huge one, and a plan never needs it.
            _stop(
                gettext_noop("Aliases (“*%(name)s”) are not read; write it out."),
                line,
                column,
                name=event.anchor,
            )
        if depth > MAX_DEPTH:
            _stop(gettext_noop("This is nested deeper than %(most)d levels."), line, column, most=MAX_DEPTH)
        if nodes > MAX_NODES:
            _stop(gettext_noop("The document has more than %(most)d entries."), line, column, most=MAX_NODES)


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

    def value(self, node: Any, shape: Shape, path: str) -> Any:  # noqa: ANN401 - a YAML node
        self.result.places.setdefault(path, _place(node))
        if node.tag is not None and str(node.tag) not in _PLAIN:
            self._misfit(node, path, gettext_noop("The tag “%(tag)s” is not read."), tag=str(node.tag))
            return _NOTHING
        return self._by_shape[type(shape)](node, shape, path)

    def _misfit(self, node: Any, path: str, problem: str, **values: object) -> None:  # noqa: ANN401
        if len(self.result.findings) < MAX_FINDINGS:
            self.result.findings.append(Finding(path, problem, values, *_place(node)))

    def _words(self, node: Any, _shape: Words, path: str) -> Any:  # noqa: ANN401
        if isinstance(node, ScalarNode) and _kind(node) in {"str", "timestamp"}:
            return node.value
        if isinstance(node, ScalarNode) and _kind(node) != "null":
            problem = gettext_noop("A text is needed here: write “%(value)s” in quotation marks.")
            self._misfit(node, path, problem, value=node.value)
        else:
            self._misfit(node, path, gettext_noop("A text is needed here."))
        return _NOTHING

    def _number(self, node: Any, _shape: Number, path: str) -> Any:  # noqa: ANN401
        number = _number_of(node)
        if number is None:
            self._misfit(node, path, gettext_noop("A number is needed here."))
            return _NOTHING
        return number

    def _truth(self, node: Any, _shape: Truth, path: str) -> Any:  # noqa: ANN401
        if isinstance(node, ScalarNode) and _kind(node) == "bool":
            return node.value.lower() == "true"
        self._misfit(node, path, gettext_noop("“true” or “false” is needed here."))
        return _NOTHING

    def _scalar(self, node: Any, _shape: Scalar, path: str) -> Any:  # noqa: ANN401
        if isinstance(node, ScalarNode) and _kind(node) == "bool":
            return node.value.lower() == "true"
        number = _number_of(node)
        if number is not None:
            return number
        if isinstance(node, ScalarNode) and _kind(node) in {"str", "timestamp"}:
            return node.value
        self._misfit(node, path, gettext_noop("A text, a number, true or false is needed here."))
        return _NOTHING

    def _day(self, node: Any, _shape: Day, path: str) -> Any:  # noqa: ANN401
        written = node.value if isinstance(node, ScalarNode) else ""
        try:
            return date.fromisoformat(written).isoformat()
        except ValueError:
            self._misfit(node, path, gettext_noop("A day such as 2026-12-31 is needed here."))
            return _NOTHING

    def _choice(self, node: Any, shape: Choice, path: str) -> Any:  # noqa: ANN401
        if isinstance(node, ScalarNode) and node.value in shape.words:
            return node.value
        words = ", ".join(shape.words)
        self._misfit(node, path, gettext_noop("One of these is needed here: %(words)s."), words=words)
        return _NOTHING

    def _many(self, node: Any, shape: Many, path: str) -> Any:  # noqa: ANN401
        if shape.or_one and not isinstance(node, SequenceNode):
            alone = self.value(node, shape.each, path)
            return [] if alone is _NOTHING else [alone]
        if not isinstance(node, SequenceNode):
            self._misfit(node, path, gettext_noop("A list is needed here."))
            return _NOTHING
        if len(node.value) < shape.least:
            problem = gettext_noop("The list needs at least %(least)d entries.")
            self._misfit(node, path, problem, least=shape.least)
        read_ones = [self.value(one, shape.each, f"{path}[{at}]") for at, one in enumerate(node.value)]
        return [one for one in read_ones if one is not _NOTHING]

    def _either(self, node: Any, shape: Either, path: str) -> Any:  # noqa: ANN401
        if isinstance(node, MappingNode):
            keys = {key.value for key, _ in node.value}
            fitting = [r for r in shape.records if keys & set(r.required)] or [shape.records[0]]
            return self._record(node, fitting[0], path)
        if shape.plain is not None and isinstance(node, ScalarNode):
            return self._words(node, shape.plain, path)
        self._record(node, shape.records[0], path)
        return _NOTHING

    def _record(self, node: Any, shape: Record, path: str) -> Any:  # noqa: ANN401
        if not isinstance(node, MappingNode):
            known = ", ".join(shape.fields)
            self._misfit(
                node, path, gettext_noop("Keys with values are needed here: %(known)s."), known=known
            )
            return _NOTHING
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, shape, found, path)
            if key is not None:
                inner = f"{path}.{key}" if path else key
                self.result.places[inner] = _place(key_node)
                found[key] = self.value(value_node, shape.fields[key], inner)
        self._check_keys(node, shape, found, path)
        return {key: value for key, value in found.items() if value is not _NOTHING}

    def _key(self, node: Any, shape: Record, found: dict[str, Any], path: str) -> str | None:  # noqa: ANN401
        key = node.value if isinstance(node, ScalarNode) else None
        if not isinstance(key, str):
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

    def _check_keys(self, node: Any, shape: Record, found: dict[str, Any], path: str) -> None:  # noqa: ANN401
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


def _place(node: Any) -> tuple[int, int]:  # noqa: ANN401
    return node.start_mark.line + 1, node.start_mark.column + 1


def _kind(node: Any) -> str:  # noqa: ANN401
    return str(node.tag).removeprefix(_TAG)


def _number_of(node: Any) -> int | float | None:  # noqa: ANN401
    if not isinstance(node, ScalarNode) or _kind(node) not in {"int", "float"}:
        return None
    written = node.value.replace("_", "")
    try:
        return int(written) if _INTEGER.fullmatch(written) else float(written)
    except ValueError:  # other notations (0x1f, .inf, .nan) are no numbers of a plan
        return None
