"""What becomes of a plan when drafts are put into it: what is new, changed or the same. Nothing is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wegmarke.atlas.touchpoints.reading import NEW
from wegmarke.plan import parts
from wegmarke.plan.contracts import Journey, Phase, Promise, Text
from wegmarke.plan.likeness import Known
from wegmarke.plan.naming import Keys
from wegmarke.plan.rules import findings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from wegmarke.atlas.touchpoints.reading import Draft, Plain
    from wegmarke.plan.contracts import Plan, Touchpoint
    from wegmarke.plan.findings import Finding

ADD, SKIP, SAME_AS = "add", "skip", "same:"
_PLACE = re.compile(r"touchpoints\[(\d+)\]")


class Kind(StrEnum):
    """What becomes of one line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    SKIPPED = "skipped"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A touchpoint a line may be the same as; `line` is 0 for one of the plan."""

    key: str
    name: str
    same: bool
    line: int = 0

    @property
    def choice(self) -> str:
        """The choice that says the line is this touchpoint."""
        return f"{SAME_AS}{self.key}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a touchpoint before and after, as plain values."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Row:
    """One line and what becomes of it; `choice` is the one that was made or is proposed for it."""

    line: int
    name: str
    kind: Kind
    given: Plain = field(default_factory=dict)
    key: str = ""
    candidates: tuple[Candidate, ...] = ()
    choice: str = ADD
    changes: tuple[FieldChange, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The plan as it would be, and what becomes of each line; `phases` and `promises` are the new ones."""

    plan: Plan
    rows: tuple[Row, ...]
    phases: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()

    def count(self, kind: Kind) -> int:
        """Return how many lines come out like this."""
        return sum(row.kind is kind for row in self.rows)

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to save."""
        return any(row.kind in (Kind.NEW, Kind.CHANGED) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Rules:
    """How drafts are put into a plan.

    `overwrite` lets what a line says replace what the plan says; without it only empty fields are filled.
    `same` is what is proposed for a line whose name is in the plan: SKIP, or SAME_AS to merge it. `status` is
    that of new touchpoints. `language` is the one names and texts are written in.
    """

    language: str
    overwrite: bool = True
    same: str = SAME_AS
    status: str = "idea"
    choices: Mapping[int, str] = field(default_factory=dict)
    names: Mapping[str, Text] = field(default_factory=dict)
    """Names another document has for phases and promises that are made new here, by their keys in it."""
    models: Mapping[str, Phase] = field(default_factory=dict)
    """What a journey model says about phases that are made new here, by their words, in its order."""


def merge(plan: Plan, drafts: Sequence[Draft], rules: Rules) -> Outcome:
    """Put drafts into a plan; each is judged against the plan and the lines before it."""
    merging = _Merging(plan, rules)
    rows = tuple(merging.row(draft) for draft in drafts)
    return merging.outcome(rows)


class _Merging:
    """One walk over the drafts."""

    def __init__(self, plan: Plan, rules: Rules) -> None:
        self.plan, self.rules = plan, rules
        self.names = {one.key: one.name.in_language(rules.language) for one in plan.touchpoints}
        self.lines: dict[str, int] = {}
        self.known = Known(
            (one.key, name) for one in plan.touchpoints for name in (one.name.de, one.name.en) if name
        )
        write = parts.WRITERS["touchpoints"]
        self.before: dict[str, Plain] = {one.key: write(one) for one in plan.touchpoints}
        self.after: dict[str, Plain] = dict(self.before)
        self.made: dict[str, dict[str, str]] = {"phases": {}, "promises": {}}
        self.keys = Keys(self.before)
        self.part_keys = {
            "phases": Keys(plan.phase_keys),
            "promises": Keys(one.key for one in plan.promises),
        }

    def row(self, draft: Draft) -> Row:
        if draft.problem:
            return Row(draft.line, draft.name, Kind.PROBLEM, draft.given, problem=draft.problem)
        given = self._without_marks(draft.given)
        if given.get("key") in self.after:
            row = Row(draft.line, draft.name, Kind.SAME, given, str(given["key"]), choice="")
            return self._merged(row)
        alike = self.known.alike(draft.name)
        candidates = tuple(
            Candidate(one.key, self.names[one.key], one.same, self.lines.get(one.key, 0)) for one in alike
        )
        row = Row(draft.line, draft.name, Kind.NEW, given, candidates=candidates)
        choice = self._choice(row)
        row = replace(row, choice=choice)
        if choice == SKIP:
            return replace(row, kind=Kind.SKIPPED)
        if choice.startswith(SAME_AS):
            return self._merged(replace(row, key=choice.removeprefix(SAME_AS)))
        return self._added(row)

    def _choice(self, row: Row) -> str:
        """Return the choice made for a line, where it still fits, else the one proposed."""
        chosen = self.rules.choices.get(row.line, "")
        if chosen in (ADD, SKIP) or chosen in {one.choice for one in row.candidates}:
            return chosen
        first = row.candidates[0] if row.candidates else None
        if first is None or not first.same or "key" in row.given:
            return ADD
        return SKIP if self.rules.same == SKIP else first.choice

    def _added(self, row: Row) -> Row:
        key = str(row.given.get("key") or self.keys.new(row.name))
        self.keys.take(key)
        plain = {"key": key, "name": row.name, "status": self.rules.status, **row.given}
        self.after[key] = _canonical(plain)
        self.names[key], self.lines[key] = row.name, row.line
        for name in row.given["name"].values() if isinstance(row.given["name"], dict) else [row.name]:
            self.known.add(key, name)
        return replace(row, kind=Kind.NEW, key=key)

    def _merged(self, row: Row) -> Row:
        """Put what a line says into a touchpoint that is there; key and name by which it was met stay."""
        old = self.after[row.key]
        by_name = row.given.get("key") != row.key
        wanted = {
            name: _text_in(self.rules.language, old.get(name), value)
            for name, value in row.given.items()
            if name != "key"
            and not (by_name and name == "name")
            and (self.rules.overwrite or name not in old)
        }
        new = _canonical({**old, **wanted})
        self.after[row.key] = new
        changed = tuple(
            FieldChange(name, old.get(name), new.get(name))
            for name in dict.fromkeys([*new, *old])
            if old.get(name) != new.get(name)
        )
        return replace(row, kind=Kind.CHANGED if changed else Kind.SAME, changes=changed)

    def _without_marks(self, given: Plain) -> Plain:
        """Give what is made new its key; the same word met again means the same."""
        plain = dict(given)
        for kind in ("phases", "promises"):
            if kind in plain:
                plain[kind] = list(dict.fromkeys(self._key_of(kind, one) for one in plain[kind]))
        if "content" in plain:
            plain["content"] = [
                {**one, "phase": self._key_of("phases", one["phase"])} if one.get("phase") else one
                for one in plain["content"]
            ]
        return plain

    def _key_of(self, kind: str, marked: str) -> str:
        if not marked.startswith(NEW):
            return marked
        word = marked.removeprefix(NEW)
        made = self.made[kind]
        again = Known((name, name) for name in made).alike(word)
        if again and again[0].same:
            return made[again[0].key]
        made[word] = self.part_keys[kind].new(word)
        return made[word]

    def outcome(self, rows: tuple[Row, ...]) -> Outcome:
        plan = self._plan()
        if troubled := self._troubled(plan):
            rows = tuple(self._checked(row, troubled) for row in rows)
            # What cannot be saved is left out, so that the rest can.
            self.after = {key: plain for key, plain in self.after.items() if key not in troubled}
            self.after |= {key: self.before[key] for key in troubled if key in self.before}
            plan = self._plan()
        used = self._used()
        made = {
            kind: tuple(word for word, key in self.made[kind].items() if key in used) for kind in self.made
        }
        return Outcome(plan, rows, made["phases"], made["promises"])

    def _troubled(self, plan: Plan) -> dict[str, str]:
        """Return what is wrong with touchpoints that are new or changed, by key."""
        found: dict[str, list[str]] = {}
        for finding in findings_of(plan):
            place = _PLACE.match(finding.path)
            if place is not None:
                key = plan.touchpoints[int(place[1])].key
                if self.after.get(key) != self.before.get(key):
                    found.setdefault(key, []).append(_said(finding))
        return {key: " ".join(said) for key, said in found.items()}

    def _checked(self, row: Row, troubled: Mapping[str, str]) -> Row:
        if row.key in troubled and row.kind in (Kind.NEW, Kind.CHANGED):
            return replace(row, kind=Kind.PROBLEM, problem=troubled[row.key])
        return row

    def _plan(self) -> Plan:
        read = parts.READERS["touchpoints"]
        kept: dict[str, Touchpoint] = {one.key: one for one in self.plan.touchpoints}
        order = [*kept, *(key for key in self.after if key not in kept)]
        touchpoints = tuple(
            kept[key] if key in kept and self.after[key] == self.before[key] else read(self.after[key])
            for key in order
            if key in self.after
        )
        used = self._used()
        promises = tuple(
            Promise(key, self._name(word)) for word, key in self.made["promises"].items() if key in used
        )
        return replace(
            self.plan,
            touchpoints=touchpoints,
            journeys=self._journeys(used),
            promises=(*self.plan.promises, *promises),
        )

    def _used(self) -> set[str]:
        """Return the keys of phases and promises that touchpoints name."""
        return {key for plain in self.after.values() for key in _referred(plain)}

    def _journeys(self, used: set[str]) -> tuple[Journey, ...]:
        """Put new phases at the end of the leading journey, which is made where there is none."""
        made = {word: key for word, key in self.made["phases"].items() if key in used}
        if made.keys() <= self.rules.models.keys():
            made = {word: made[word] for word in self.rules.models if word in made}
        new = tuple(self._phase(word, key) for word, key in made.items())
        if not new:
            return self.plan.journeys
        leading, *others = self.plan.journeys or (Journey(),)
        return (replace(leading, phases=(*leading.phases, *new)), *others)

    def _phase(self, word: str, key: str) -> Phase:
        known = self.rules.models.get(word)
        return replace(known, key=key) if known else Phase(key, self._name(word))

    def _name(self, word: str) -> Text:
        return self.rules.names.get(word) or Text(word, word)


def _referred(plain: Plain) -> Iterator[str]:
    yield from plain.get("phases", ())
    yield from plain.get("promises", ())
    yield from (one["phase"] for one in plain.get("content", ()) if one.get("phase"))


def _canonical(plain: Plain) -> Plain:
    """Return plain values as they are stored: defaults left out, in the order of the format."""
    read, write = parts.READERS["touchpoints"], parts.WRITERS["touchpoints"]
    return dict(write(read(plain)))


def _text_in(language: str, old: object, new: Any) -> Any:  # noqa: ANN401 - any plain value
    """Return a text to keep: one that is there in either language stays, another one replaces its own."""
    if not isinstance(new, str) or not isinstance(old, dict):
        return new
    if new in old.values():
        return old
    return {**old, "de" if language.startswith("de") else "en": new}


def _said(finding: Finding) -> str:
    return finding.in_words(_)
