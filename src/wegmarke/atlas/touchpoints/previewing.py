"""What a person sees before saving: the questions, and what becomes of each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wegmarke.atlas import channels, links
from wegmarke.atlas.fields import WORDS, name_of, said
from wegmarke.atlas.touchpoints.listing import phase_names
from wegmarke.atlas.touchpoints.merging import ADD, SKIP, Kind
from wegmarke.atlas.touchpoints.reading import LEFT_OUT, MOST_QUESTIONS, NEW
from wegmarke.atlas.touchpoints.understanding import CHOICES, COLUMNS
from wegmarke.ui.numbers import NONE, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.http import QueryDict

    from wegmarke.atlas.pages import Here
    from wegmarke.atlas.touchpoints.merging import FieldChange, Outcome, Row
    from wegmarke.atlas.touchpoints.reading import Question, Unknown

ANSWER, CHOICE = "answer:", "line:"
AS_NEW = 2
"""So many answers there are to a word where the plan has nothing alike: it is new, or left out."""
SHOWN_ROWS, ASKED_ROWS = 400, 300
"""So many lines are shown, and so many are asked about; Django takes a thousand fields of a form."""


def _label(column: str) -> str:
    """Return what a field is called: a column of a table, or one more of a document."""
    return str(COLUMNS.get(column) or name_of(column))


def answers_of(data: QueryDict) -> dict[Question, str]:
    """Return the answers to questions from a form."""
    found = {}
    for name, value in data.items():
        if name.startswith(ANSWER):
            kind, _colon, word = name.removeprefix(ANSWER).partition(":")
            found[kind, word] = str(value)
    return found


def choices_of(data: QueryDict) -> dict[int, str]:
    """Return the choices for lines from a form."""
    found = {}
    for name, value in data.items():
        number_ = name.removeprefix(CHOICE)
        if name.startswith(CHOICE) and number_.isascii() and number_.isdigit() and len(number_) < 10:  # noqa: PLR2004
            found[int(number_)] = str(value)
    return found


@dataclass(frozen=True, slots=True)
class Option:
    """One answer or choice to choose."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One question about a word."""

    name: str
    field: str
    word: str
    count: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field before and after, as words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line as the page shows it; `options` is empty where there is nothing to choose."""

    line: int
    name: str
    kind: str
    text: str
    details: tuple[tuple[str, str], ...]
    changes: tuple[ShownChange, ...]
    alike: str
    field: str
    options: tuple[Option, ...]
    problem: str
    url: str


@dataclass(frozen=True, slots=True)
class Preview:
    """All a page shows before saving; `rest` counts lines left out, `unasked` words not asked about."""

    sentence: str
    questions: tuple[AskedWord, ...]
    unasked: int
    rows: tuple[ShownRow, ...]
    rest: int
    savable: bool
    phases: tuple[str, ...]
    promises: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether a word may mean something the plan has: new ones need no answer."""
        return any(one.options[0].value != NEW or len(one.options) > AS_NEW for one in self.questions)

    @property
    def news(self) -> dict[str, list[str]]:
        """The words asked about, by the name of their field."""
        found: dict[str, list[str]] = {}
        for one in self.questions:
            found.setdefault(one.field, []).append(one.word)
        return found


class Previewing:
    """Turns an outcome into words, with the names of this plan."""

    def __init__(self, at: Here, answers: Mapping[Question, str]) -> None:
        """Show with the names of this plan; `answers` are those given so far."""
        self._at, self._answers = at, answers
        self._phases = phase_names(at.plan, at.said)
        self._promises = {one.key: at.said(one.name) for one in at.plan.promises}

    def preview(self, outcome: Outcome, unknown: Sequence[Unknown]) -> Preview:
        """Return what a page shows of an outcome."""
        shown = _most_telling(outcome.rows)
        # Only phases the plan has can be an answer, so this comes before the new ones get their names.
        questions = tuple(map(self._question, unknown[:MOST_QUESTIONS]))
        new = [phase for phase in outcome.plan.phases if phase.key not in self._phases]
        self._phases |= {phase.key: self._at.said(phase.name) for phase in new}
        asked = 0
        rows = []
        for row in shown:
            options = self._options(row) if asked < ASKED_ROWS else ()
            asked += bool(options)
            rows.append(self._row(row, options))
        return Preview(
            sentence=sentence(outcome),
            questions=questions,
            unasked=max(0, len(unknown) - MOST_QUESTIONS),
            rows=tuple(rows),
            rest=len(outcome.rows) - len(shown),
            savable=outcome.changes_anything,
            phases=outcome.phases,
            promises=outcome.promises,
        )

    def _question(self, one: Unknown) -> AskedWord:
        chosen = self._answers.get((one.field, one.word)) or one.likely
        known: dict[str, str] = {}
        if one.field == "phases":
            known = self._phases
        elif one.field == "promises":
            known = self._promises
        elif one.field == "channel":
            known = channels.by_name(one.channel for one in self._at.plan.touchpoints if one.channel)
        else:
            known = {value: str(said) for value, said in CHOICES[one.field].items()}
        pairs = [(NEW, _("new: “%(word)s”") % {"word": one.word})] if one.field not in CHOICES else []
        pairs += [(value, _("is “%(name)s”") % {"name": name}) for value, name in known.items()]
        pairs.append((LEFT_OUT, _("leave it out")))
        options = tuple(Option(value, text, value == chosen) for value, text in pairs)
        return AskedWord(f"{ANSWER}{one.field}:{one.word}", _label(one.field), one.word, one.count, options)

    def _row(self, row: Row, options: tuple[Option, ...]) -> ShownRow:
        details = () if row.kind is Kind.CHANGED else tuple(self._details(row))
        return ShownRow(
            line=row.line,
            name=row.name,
            kind=row.kind.value,
            text=kind_words(row),
            details=details,
            changes=tuple(map(self._change, row.changes)) if row.kind is Kind.CHANGED else (),
            alike=_alike(row),
            field=f"{CHOICE}{row.line}",
            options=options,
            problem=row.problem,
            url=links.card(row.key) if row.kind in (Kind.SAME, Kind.CHANGED) else "",
        )

    def _details(self, row: Row) -> Iterator[tuple[str, str]]:
        for name, value in row.given.items():
            if name not in ("name", "key"):
                yield _label(name), self._shown(name, value)

    def _change(self, change: FieldChange) -> ShownChange:
        before, after = self._shown(change.field, change.before), self._shown(change.field, change.after)
        return ShownChange(_label(change.field), before, after)

    def _shown(self, name: str, value: object) -> str:
        """Return a plain value as words."""
        if value is None or value in ([], ""):
            return said(name, "live") if name == "status" else NONE
        if isinstance(value, list):
            return ", ".join(self._shown(name, one) for one in value)
        if isinstance(value, dict):
            return self._of_record(name, value)
        return self._one(name, value)

    def _one(self, name: str, value: object) -> str:
        if name in WORDS:
            return said(name, value)
        if isinstance(value, int | float):
            return number(value, 0 if float(value).is_integer() else 2)
        text = str(value)
        if name == "channel":
            return channels.name_of(text)
        return {"phases": self._phases, "promises": self._promises}.get(name, {}).get(text, text)

    def _of_record(self, name: str, value: Mapping[str, object]) -> str:
        if name == "metric":
            measure = CHOICES["measure"].get(str(value.get("measure")), "")
            return f"{measure} {self._shown('target', value.get('target'))}"
        own = value.get("de" if self._at.language.startswith("de") else "en")
        if isinstance(own, str) or set(value) <= {"de", "en"}:
            return str(own or next(iter(value.values()), ""))
        return _("%(n)d entries") % {"n": len(value)} if len(value) > 1 else NONE

    def _options(self, row: Row) -> tuple[Option, ...]:
        if not row.candidates or row.kind is Kind.PROBLEM:
            return ()
        pairs = [(ADD, _("add anyway")), (SKIP, _("skip"))]
        pairs += [
            (one.choice, _("is the same as “%(name)s”") % {"name": one.name}) for one in row.candidates[:20]
        ]
        return tuple(Option(value, text, value == row.choice) for value, text in pairs)


def _most_telling(rows: Sequence[Row]) -> list[Row]:
    """Return the lines to show: all of them, or of many first those that need a look."""
    if len(rows) <= SHOWN_ROWS:
        return list(rows)
    weight = {row.line: (row.kind is not Kind.PROBLEM, not row.candidates) for row in rows}
    chosen = sorted(rows, key=lambda row: weight[row.line])[:SHOWN_ROWS]
    return sorted(chosen, key=lambda row: row.line)


def kind_words(row: Row) -> str:
    """Return what becomes of a line, in a word or two."""
    return {
        Kind.NEW: _("new"),
        Kind.CHANGED: _("changed"),
        Kind.SAME: _("the same"),
        Kind.SKIPPED: _("skipped"),
        Kind.PROBLEM: _("problem"),
    }[row.kind]


def _alike(row: Row) -> str:
    """Say what a line is like; of several the first."""
    if not row.candidates:
        return ""
    first = row.candidates[0]
    values = {"name": first.name, "line": first.line}
    if first.line and first.same:
        return _("The same as line %(line)d, “%(name)s”.") % values
    if first.line:
        return _("Similar to line %(line)d, “%(name)s”.") % values
    return (_("“%(name)s” is in the plan.") if first.same else _("Similar to “%(name)s”.")) % values


def sentence(outcome: Outcome) -> str:
    """Return what becomes of all lines in one sentence."""
    return ", ".join(_counted(outcome)) or _("There is nothing to read here.")


def _counted(outcome: Outcome) -> Iterable[str]:
    new, changed = outcome.count(Kind.NEW), outcome.count(Kind.CHANGED)
    same, skipped = outcome.count(Kind.SAME), outcome.count(Kind.SKIPPED)
    problems = outcome.count(Kind.PROBLEM)
    if new:
        yield ngettext("%(n)s new touchpoint", "%(n)s new touchpoints", new) % {"n": number(new)}
    if changed:
        yield ngettext("%(n)s changed", "%(n)s changed", changed) % {"n": number(changed)}
    if same:
        yield ngettext("%(n)s the same as before", "%(n)s the same as before", same) % {"n": number(same)}
    if skipped:
        yield ngettext("%(n)s skipped", "%(n)s skipped", skipped) % {"n": number(skipped)}
    if problems:
        text = ngettext("%(n)s line that cannot be used", "%(n)s lines that cannot be used", problems)
        yield text % {"n": number(problems)}
