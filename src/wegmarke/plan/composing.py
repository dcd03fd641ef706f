"""YAML text to a tree of nodes that know their line and column, within limits of size and depth.

libyaml takes the text apart; what its plain words mean is decided here, by YAML 1.2, where `yes` is a text
and 010 is ten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import yaml
from yaml.reader import ReaderError

from wegmarke.plan.findings import Finding, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 20_000_000
MAX_DEPTH = 20
MAX_NODES = 250_000
"""As many values as a plan may have (`plan.checks`), so that each plan that was saved can be read again."""

LISTS = ("map", "seq")
_OWN_TAGS = {
    f"tag:yaml.org,2002:{word}": kind
    for word, kind in {
        "str": "str",
        "timestamp": "str",
        "int": "number",
        "float": "number",
        "bool": "bool",
        "null": "null",
        "map": "map",
        "seq": "seq",
    }.items()
}
KINDS = ("str", "number", "bool", "null", *LISTS)
_VERSION = (1, 2)
_BOOL = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_NUMBER = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?")
_OTHER_NUMBER = re.compile(r"[-+]?(?:0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)")
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# Wheels of PyYAML bring libyaml; where somebody built it without, the same events come slowly.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_Event: TypeAlias = yaml.events.Event


class UnreadableError(Exception):
    """The text cannot be read any further; carries the one finding that says why."""

    def __init__(self, finding: Finding) -> None:
        """Keep the finding."""
        self.finding = finding
        super().__init__(str(finding))


@dataclass(slots=True)
class Node:
    """One value. `kind` is a word of `KINDS`, or the tag where one says otherwise.

    `scalar` is the text of a plain value, `items` the entries of a list, `pairs` those of keys with values.
    """

    kind: str
    line: int
    column: int
    scalar: str = ""
    items: tuple[Node, ...] = ()
    pairs: tuple[tuple[Node, Node], ...] = ()


def compose(text: str) -> Node | None:
    """Return the root of the one document in a text, None where there is none; raises `UnreadableError`."""
    if len(text) > MAX_CHARACTERS:
        problem = gettext_noop("The document has %(n)d characters; at most %(most)d are read.")
        _stop(problem, (1, 1), n=len(text), most=MAX_CHARACTERS)
    text = text.removeprefix("\ufeff")
    if (odd := _UNREADABLE.search(text)) is not None:
        reason = f"U+{ord(odd[0]):04X} must not stand in a text"
        _stop(_INVALID, _place_in(text, odd.start()), reason=reason)
    try:
        return _root(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _stop(_INVALID, place, reason=error.problem or error.context)
    except (yaml.YAMLError, ReaderError) as error:
        _stop(_INVALID, (1, 1), reason=str(error).split("\n", 1)[0])


_INVALID = gettext_noop("This is no valid YAML: %(reason)s.")


def _root(events: Iterator[_Event]) -> Node | None:
    """Build the tree; each list is put together where it ends."""
    root: Node | None = None
    open_lists: list[tuple[Node, list[Node]]] = []
    documents = nodes = 0
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            node = _scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            node = Node(_kind_of_list(event), *_place(event))
            open_lists.append((node, []))
            if len(open_lists) > MAX_DEPTH:
                problem = gettext_noop("This is nested deeper than %(most)d levels.")
                _stop(problem, _place(event), most=MAX_DEPTH)
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            node, inside = open_lists.pop()
            if isinstance(event, yaml.MappingEndEvent):
                node.pairs = tuple(zip(inside[::2], inside[1::2], strict=True))
            else:
                node.items = tuple(inside)
        else:
            documents += isinstance(event, yaml.DocumentStartEvent)
            _check(event, documents)
            continue
        nodes += 1
        if nodes > MAX_NODES:
            problem = gettext_noop("The document has more than %(most)d entries.")
            _stop(problem, _place(event), most=MAX_NODES)
        if open_lists:
            open_lists[-1][1].append(node)
        else:
            root = node
    return root


def _check(event: _Event, documents: int) -> None:
    """Refuse what could change the meaning of a text or make it huge."""
    if isinstance(event, yaml.AliasEvent):
        # An alias lets a small text stand for a huge one, and a plan never needs it.
        problem = gettext_noop("Aliases (“*%(name)s”) are not read; write it out.")
        _stop(problem, _place(event), name=event.anchor)
    if documents > 1:
        _stop(gettext_noop("A second document begins here; one is read."), _place(event))
    if isinstance(event, yaml.DocumentStartEvent) and event.version not in (None, _VERSION):
        problem = gettext_noop("Only YAML 1.2 is read; in %(version)s some values mean something else.")
        _stop(problem, _place(event), version=".".join(str(part) for part in event.version))


def _scalar(event: yaml.ScalarEvent) -> Node:
    kind = _meaning(event.value) if event.implicit[0] else "str"
    if event.tag not in (None, "!"):
        kind = _tagged(event.tag, _meaning(event.value))
    return Node(kind, *_place(event), event.value)


def _meaning(plain: str) -> str:
    """Return what a word without quotation marks is."""
    if plain in _BOOL:
        return "bool"
    if plain in _NULL:
        return "null"
    if _NUMBER.fullmatch(plain) or _OTHER_NUMBER.fullmatch(plain):
        return "number"
    return "str"


def _kind_of_list(event: yaml.CollectionStartEvent) -> str:
    kind = "map" if isinstance(event, yaml.MappingStartEvent) else "seq"
    return kind if event.tag is None else _tagged(event.tag, kind)


def _tagged(tag: str, kind: str) -> str:
    """Return the kind of a value with a tag: what it is anyway, a text, or else the tag."""
    said = _OWN_TAGS.get(tag)
    if said == kind or (said == "str" and kind not in LISTS):
        return said
    return f"!{tag}" if tag in KINDS else tag


def _place(event: _Event) -> tuple[int, int]:
    mark: Any = event.start_mark
    return mark.line + 1, mark.column + 1


def _place_in(text: str, at: int) -> tuple[int, int]:
    begins = text.rfind("\n", 0, at) + 1
    return text.count("\n", 0, at) + 1, at - begins + 1


def _stop(problem: str, place: tuple[int, int], **values: object) -> NoReturn:
    raise UnreadableError(Finding("", problem, values, *place))
