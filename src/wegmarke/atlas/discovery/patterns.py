"""Bring values of one property into forms that tell things apart: ids and dates in them become `*`. Pure.

A form is either the value itself or a pattern for `Operator.LIKE`, where `*` is any characters but a slash.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wegmarke.record.contracts import Scalar

LONGEST: Final = 200
ANY: Final = "*"
WIDE: Final = 15
"""More different parts in one place of a path than this are taken for names of things, not of pages."""
WIDE_ROOT: Final = 100
SERIES: Final = 6
"""More values that differ by a number only than this are one thing that comes again."""
_PART: Final = re.compile(r"[^\s_\-./:#,;|=&()\[\]]+")
_ID: Final = re.compile(r"\d{3,}|[0-9a-f]{8,}|(?=[^\W\d]*\d)(?=\d*[^\W\d])\w{8,}", re.IGNORECASE)
_WHOLE: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[^\s@/]+@[^\s@/]+", re.IGNORECASE)
"""Ids that stand across separators: UUIDs and addresses of mail."""
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_MOMENT: Final = re.compile(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ]\d{1,2}:\d{2}\S*)?|\d{1,2}:\d{2}(?::\d{2})?"
)
_LANGUAGE: Final = re.compile(r"(?:de|en|fr|es|it|nl|pl|pt|da|sv|cs|fi|tr)(?:[-_][a-z]{2})?", re.IGNORECASE)
_QUERY: Final = re.compile(r"[?#].*", re.DOTALL)


def is_path(value: object) -> bool:
    """Say whether a value is the address of a page."""
    return isinstance(value, str) and (value.startswith("/") or re.match(r"https?://", value) is not None)


def _is_id(part: str) -> bool:
    found = _ID.fullmatch(part)
    return found is not None and any(character.isdigit() for character in part)


@dataclass(frozen=True, slots=True)
class TextForms:
    """Forms of labels; `again` are labels without their numbers that come too often to be a series."""

    again: frozenset[str] = frozenset()
    numbers: bool = False

    def __call__(self, value: object) -> Scalar | None:
        """Return the form of a value; None for what names nothing (empty, an id, a date, a number)."""
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return value if self.numbers else None
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            return None
        if _NUMBER.fullmatch(value.strip()):
            return value if self.numbers else None
        form = _without_ids(value)
        stripped = _without_numbers(form)
        form = stripped if stripped in self.again else form
        return form if re.search(r"[^\W\d_]", form) else None


def _without_ids(value: str) -> str:
    return _PART.sub(
        lambda part: ANY if _is_id(part[0]) else part[0], _WHOLE.sub(ANY, _MOMENT.sub(ANY, value))
    )


def _without_numbers(value: str) -> str:
    return re.sub(r"\d+", ANY, value)


def text_forms(values: Iterable[object], *, numbers: bool) -> TextForms:
    """Look at the different values once to see which of them only differ by a number."""
    series: dict[str, set[str]] = defaultdict(set)
    for value in values:
        if isinstance(value, str) and len(value) <= LONGEST:
            form = _without_ids(value)
            series[_without_numbers(form)].add(form)
    return TextForms(frozenset(key for key, forms in series.items() if len(forms) > SERIES), numbers)


def called_alike(names: Sequence[str]) -> dict[str, str]:
    """Return the pattern of each event name with an id in it (`order_48213_viewed`), of which there are many.

    In names of events `*` is any run of characters.
    """
    forms = text_forms(names, numbers=False)
    patterns = {name: str(form) for name in names if (form := forms(name)) is not None and ANY in str(form)}
    counts = Counter(patterns.values())
    return {name: form for name, form in patterns.items() if name != form and counts[form] > SERIES}


@dataclass(slots=True)
class _Node:
    """One place in the tree of paths."""

    count: int = 0
    children: dict[str, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathForms:
    """Forms of paths; `known` are the parts known to come after a form, which all others become `*`."""

    known: Mapping[str, frozenset[str]]

    def __call__(self, value: object) -> Scalar | None:
        """Return the form of a path without its query; None for what is none."""
        if not is_path(value) or not isinstance(value, str) or len(value) > 10 * LONGEST:
            return None
        form = ""
        for at, part in enumerate(_parts(value)):
            known = self.known.get(form)
            form += f"/{part}" if at else part
            if at and part != ANY and known is not None and part not in known:
                form = f"{form.rpartition('/')[0]}/{ANY}"
        return form or "/"


def _parts(path: str) -> list[str]:
    """Return the parts of a path, the site first (empty without one), with ids and languages as `*`."""
    plain = _QUERY.sub("", path)
    site, rest = "", plain
    if found := re.match(r"(https?://[^/]*)", plain):
        site, rest = found[1], plain[found.end() :]
    parts = [_part(part) for part in rest.split("/") if part]
    if parts and len(parts) > 1 and _LANGUAGE.fullmatch(parts[0]):
        parts[0] = ANY
    return [site, *parts]


def _part(part: str) -> str:
    if part.isdigit() or _WHOLE.search(part) or any(_is_id(one) for one in _PART.findall(part)):
        return ANY
    return part


def path_forms(counts: Mapping[str, int]) -> PathForms:
    """Look at the different paths once: where very many parts follow, they are things, not pages."""
    root = _Node()
    for path, count in counts.items():
        node = root
        for part in _parts(path):
            node = node.children.setdefault(part, _Node())
            node.count += count
    known: dict[str, frozenset[str]] = {}
    for site, node in root.children.items():
        _narrow(site, node, known, most=WIDE_ROOT)
    return PathForms(known)


def _narrow(form: str, node: _Node, known: dict[str, frozenset[str]], *, most: int) -> None:
    """Merge the children of a place where they are too many, then go on below."""
    named = [part for part in node.children if part != ANY]
    if len(named) > most:
        known[form] = frozenset()
        merged = _Node()
        for child in node.children.values():
            _merge(merged, child)
        node.children = {ANY: merged}
    for part, child in node.children.items():
        _narrow(f"{form}/{part}", child, known, most=WIDE)


def _merge(into: _Node, node: _Node) -> None:
    into.count += node.count
    for part, child in node.children.items():
        _merge(into.children.setdefault(part, _Node()), child)


def endings(paths: Iterable[object], forms: PathForms) -> frozenset[str]:
    """Return what follows the forms in the paths themselves: nothing, a slash, a query, or both."""
    found: Counter[str] = Counter()
    for path in paths:
        if isinstance(path, str) and forms(path) is not None:
            plain = _QUERY.sub("", path)
            mark = path[len(plain) : len(plain) + 1]
            slash = "/" if plain.endswith("/") and len(plain.rstrip("/")) else ""
            found[slash + (f"{mark}*" if mark else "")] += 1
    return frozenset(found)
