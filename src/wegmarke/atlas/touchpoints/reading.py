"""What lines of cells say about touchpoints, in the fields of a plan document. Pure but for the words.

A word nobody can know (another phase, a status of one's own) is a question, not a mistake: it is collected in
`Reading.unknown`, and the next reading brings the answers along.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wegmarke.atlas import channels, measures
from wegmarke.atlas.inputs import LONGEST_TEXT, with_point
from wegmarke.atlas.touchpoints.pasting import clean
from wegmarke.atlas.touchpoints.understanding import CHOICES, COLUMNS, meant
from wegmarke.plan.contracts import SHARES, Measure, Text
from wegmarke.plan.likeness import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wegmarke.atlas.touchpoints.pasting import Line
    from wegmarke.plan.contracts import Plan

    Plain = dict[str, Any]
    Question = tuple[str, str]

NEW, LEFT_OUT = "+", "-"
"""Answers to a question besides the key or value it stands for: something new, or nothing."""
MOST_CHARACTERS = 300
MOST_QUESTIONS = 200
"""Words asked about at once; the answers proposed hold for those beyond."""
NUMBERS = ("per_quarter", "cost", "minutes")
LISTS = ("phases", "promises")
VALUES = ("channel", "status", "started_by", "nature", "worth", "media", "planned")
TEXTS = ("purpose", "timing", "notes")
ASKED = ("phases", "channel", "promises", *CHOICES)
"""The fields whose words are looked up, in the order in which their questions are asked."""
_LIST = re.compile(r"\s*[;|\n]\s*")
_COMMA = re.compile(r"\s*,\s*")
_AROUND = re.compile(r"[€$£]|\b(?:EUR|USD|CHF|GBP|min|minuten|minutes|x|mal|times)\b\.?", re.IGNORECASE)
_PER_CENT = re.compile(r"\s*%\s*$")
_PLAIN_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Draft:
    """What one line says: `given` in the fields of a plan document, `problem` why it cannot be used."""

    line: int
    name: str
    given: Plain = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word to be asked about: the field, the word, how often; `likely` is the answer proposed."""

    field: str
    word: str
    count: int
    likely: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The drafts of all lines, the questions, and what the answers make new (key by word)."""

    drafts: tuple[Draft, ...]
    unknown: tuple[Unknown, ...] = ()
    open: tuple[Unknown, ...] = ()
    """The questions without an answer yet; those proposed hold until then."""


class Lexicon:
    """The words of a plan: its phases, promises and channels by all their names."""

    def __init__(self, plan: Plan, extra: Mapping[str, Text] | None = None) -> None:
        """Know this plan; `extra` are names of phases that another document has for its keys."""
        self.extra = dict(extra or {})
        self._keys: dict[str, dict[str, str]] = {"phases": {}, "promises": {}, "channel": {}}
        self._known = {kind: Known() for kind in self._keys}
        for journey in plan.journeys:
            for phase in journey.phases:
                self._learn("phases", phase.key, phase.name)
                for step in phase.steps:
                    self._learn("phases", step.key, step.name)
                    full = Text(f"{phase.name.de} / {step.name.de}", f"{phase.name.en} / {step.name.en}")
                    self._learn("phases", step.key, full)
        for promise in plan.promises:
            self._learn("promises", promise.key, promise.name)
        for channel in dict.fromkeys(one.channel for one in plan.touchpoints if one.channel):
            for name in channels.said_as(channel):
                self._learn("channel", channel, Text(name, name))

    def _learn(self, kind: str, key: str, name: Text) -> None:
        for one in (key, name.de, name.en):
            if one:
                self._keys[kind].setdefault(one.casefold(), key)
                self._known[kind].add(key, one)

    def find(self, kind: str, word: str) -> str | None:
        """Return what a word means; None where it is not known or another spelling only."""
        if kind in CHOICES:
            return meant(kind, word)
        return self._keys[kind].get(word.casefold())

    def allows(self, kind: str, answer: str) -> bool:
        """Say whether an answer can be one: nothing, something there is, and something new of what can be."""
        if kind in CHOICES:
            return answer == LEFT_OUT or answer in CHOICES[kind]
        return answer in (NEW, LEFT_OUT) or answer in self._keys[kind].values()

    def likely(self, kind: str, word: str) -> str:
        """Return the answer to propose for an unknown word."""
        if kind in CHOICES:
            return LEFT_OUT
        alike = self._known[kind].alike(word)
        if not alike and word in self.extra:
            alike = self._known[kind].alike(self.extra[word].de) or self._known[kind].alike(
                self.extra[word].en
            )
        return alike[0].key if alike else NEW


class Reader:
    """Reads lines with the words of a plan and the answers given so far."""

    def __init__(self, lexicon: Lexicon, answers: Mapping[Question, str], *, decimal: str = "") -> None:
        """Read with these answers; `decimal` is the usual decimal mark of the file, if it has one."""
        self._lexicon, self._answers, self._decimal = lexicon, answers, decimal
        self._asked: Counter[Question] = Counter()

    def read(self, lines: Iterable[Line]) -> Reading:
        """Read lines of cells."""
        drafts = tuple(self._draft(line) for line in lines)
        return self._reading(drafts)

    def read_plain(self, entries: Iterable[tuple[int, Plain]]) -> Reading:
        """Read touchpoints of a document; their phases and promises may be those of another plan."""
        drafts = []
        for line, plain in entries:
            given = dict(plain)
            for kind in ("phases", "promises"):
                if kind in given:
                    given[kind] = self._keys(kind, given[kind])
            if "content" in given:
                given["content"] = [self._content(one) for one in given["content"]]
            drafts.append(Draft(line, _one_of(given["name"]), given))
        return self._reading(tuple(drafts))

    def _content(self, plain: Plain) -> Plain:
        if not plain.get("phase"):
            return plain
        keys = self._keys("phases", [plain["phase"]])
        rest = {name: value for name, value in plain.items() if name != "phase"}
        return {**rest, "phase": keys[0]} if keys else rest

    def _reading(self, drafts: tuple[Draft, ...]) -> Reading:
        order = sorted(self._asked, key=lambda question: ASKED.index(question[0]))
        unknown = tuple(
            Unknown(kind, word, self._asked[kind, word], self._lexicon.likely(kind, word))
            for kind, word in order
        )
        asked = unknown[:MOST_QUESTIONS]
        still_open = tuple(one for one in asked if (one.field, one.word) not in self._answers)
        return Reading(drafts, unknown, still_open)

    def _draft(self, line: Line) -> Draft:
        name = clean(line.cells.get("name", ""))
        if not name:
            return Draft(line.number, "", problem=_("A name is missing."))
        if len(name) > MOST_CHARACTERS:
            problem = _("The name has %(n)d characters; at most %(most)d are kept.")
            values = {"n": len(name), "most": MOST_CHARACTERS}
            return Draft(line.number, name[:MOST_CHARACTERS], problem=problem % values)
        try:
            given = self._given(line.cells)
        except _CellError as error:
            return Draft(line.number, name, problem=str(error))
        return Draft(line.number, name, {"name": name, **given})

    def _given(self, cells: Mapping[str, str]) -> Plain:
        cells = {name: cell for name, cell in cells.items() if clean(cell)}
        given: Plain = {}
        given |= {kind: self._keys(kind, self._several(kind, cells[kind])) for kind in LISTS if kind in cells}
        for kind in (kind for kind in VALUES if kind in cells):
            value = self._value(kind, clean(cells[kind]))
            if value is not None:
                given[kind] = value == "yes" if kind == "planned" else value
        if "owners" in cells:
            given["owners"] = list(dict.fromkeys(filter(None, map(clean, _LIST.split(cells["owners"])))))
        given |= {kind: clean(cells[kind]) for kind in ("department", "key") if kind in cells}
        given |= {kind: _prose(kind, cells[kind]) for kind in TEXTS if kind in cells}
        given |= {
            kind: number_of(kind, clean(cells[kind]), self._decimal) for kind in NUMBERS if kind in cells
        }
        return given | self._metric(cells)

    def _metric(self, cells: Mapping[str, str]) -> Plain:
        measure, target = clean(cells.get("measure", "")), clean(cells.get("target", ""))
        if not measure and not target:
            return {}
        if not measure or not target:
            raise _CellError(_("A metric needs a measure and a target."))
        value = self._value("measure", measure)
        if value is None:
            return {}
        number = number_of("target", _PER_CENT.sub("", target), self._decimal, below_zero=True)
        per_cent = _PER_CENT.search(target) and value in (*SHARES, Measure.NET_EXPERIENCE)
        aimed_at = number / 100 if per_cent else number
        if measures.out_of_range(Measure(value), aimed_at * measures.factor(Measure(value))):
            problem = _(
                "“%(text)s” cannot be a target of “%(measure)s”; shares are written as 0.4 or as 40 %%."
            )
            raise _CellError(problem % {"text": target[:60], "measure": measures.MEASURES[Measure(value)]})
        return {"metric": {"measure": value, "target": aimed_at}}

    def _several(self, kind: str, cell: str) -> list[str]:
        """Take a list apart: at semicolons, or at commas where the whole is no name that is known."""
        parts = _LIST.split(cell)
        if len(parts) == 1 and self._lexicon.find(kind, clean(cell)) is None:
            parts = _COMMA.split(cell)
        return [part for part in map(clean, parts) if part]

    def _keys(self, kind: str, several: Sequence[str]) -> list[str]:
        keys = (self._value(kind, word) for word in several)
        return list(dict.fromkeys(key for key in keys if key is not None))

    def _value(self, kind: str, word: str) -> str | None:
        """Return what a word means, asking where it is not known; None where it is left out."""
        known = self._lexicon.find(kind, word)
        if known is not None:
            return known
        self._asked[kind, word] += 1
        answer = self._answers.get((kind, word), "")
        if not self._lexicon.allows(kind, answer):
            answer = self._lexicon.likely(kind, word)
        if answer == LEFT_OUT:
            return None
        return new_mark(word) if answer == NEW and kind != "channel" else word if answer == NEW else answer


class _CellError(ValueError):
    """A cell that cannot be used, in the words of the reader."""


def new_mark(word: str) -> str:
    """Return what stands for the key of a phase or promise that is made new: no key begins like this."""
    return f"{NEW}{word}"


def _prose(kind: str, cell: str) -> str:
    text = cell.strip()
    if len(text) > LONGEST_TEXT:
        problem = _("This text has more than %(most)d characters (%(field)s).")
        raise _CellError(problem % {"most": LONGEST_TEXT, "field": COLUMNS[kind]})
    return text


def _one_of(name: str | Plain) -> str:
    return name if isinstance(name, str) else str(name.get("de") or name.get("en") or "")


def number_of(kind: str, text: str, decimal: str = "", *, below_zero: bool = False) -> float:
    """Read a number as people write it: with units, with a comma or a point before the decimals."""
    sign = -1 if re.match(r"\s*[-\u2212]", text) else 1
    bare = re.sub(r"[\s'\u2019]", "", _AROUND.sub("", text)).lstrip("+-\u2212").rstrip(".")
    bare = bare.removesuffix(",-").removesuffix(",\u2013")
    plain = with_point(bare, decimal)
    if not _PLAIN_NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        problem = _("“%(text)s” is no number (%(field)s).")
        raise _CellError(problem % {"text": text[:60], "field": str(COLUMNS[kind])})
    number = sign * float(plain)
    if number < 0 and not below_zero:
        raise _CellError(_("This number cannot be below 0.") + f" ({COLUMNS[kind]!s})")
    return int(number) if number.is_integer() else number
