"""The rows of the form: owners, phases, content, binding rules, experience rules, as they were typed.

Rows come and go by buttons that send the form (`do=…`), so that it works without scripts as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wegmarke.analysis.journeys import Experience
from wegmarke.atlas import typed as values
from wegmarke.atlas.cards import wording
from wegmarke.atlas.inputs import storable, whole
from wegmarke.plan.contracts import Content, Text
from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule, Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.http import QueryDict

    from wegmarke.plan.contracts import Touchpoint

OF_TEXTS = (Operator.CONTAINS.value, "like")
FELT = (Experience.BAD, Experience.GOOD, Experience.NEUTRAL)
_NAME = re.compile(r"(content|rule|felt)-(\d{1,4})-(?:(?:c-(\d{1,4})-)?(\w+))")
_DO = re.compile(r"(add|drop|up|down)-(owner|phase|content|rule|felt|condition)(?:-(.+))?")


@dataclass(slots=True)
class ConditionRow:
    """One comparison of a property, as typed."""

    key: str = ""
    operator: str = Operator.IS.value
    value: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not (self.key.strip() or self.value.strip())

    @property
    def understood(self) -> str:
        """How the value was read; empty where there is none."""
        return wording.understood(self.meant.value) if self.value.strip() else ""

    @property
    def meant(self) -> Condition:
        """The condition that was typed."""
        operator = _operator(self.operator)
        value = values.read(self.value, many=operator is Operator.IN)
        if operator is Operator.EXISTS and not self.value.strip():
            value = True
        if operator.value in OF_TEXTS and not isinstance(value, str):
            value = self.value.strip()
        return Condition(self.key, operator, value)


@dataclass(slots=True)
class RuleRow:
    """One binding rule."""

    event: str = ""
    conditions: list[ConditionRow] = field(default_factory=list)
    error: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not self.event.strip() and all(one.is_blank for one in self.conditions)


@dataclass(slots=True)
class FeltRow:
    """One experience rule."""

    experience: str = "bad"
    conditions: list[ConditionRow] = field(default_factory=list)
    error: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return all(one.is_blank for one in self.conditions)


@dataclass(slots=True)
class ContentRow:
    """What is said to one segment in one phase."""

    segment: str = ""
    phase: str = ""
    de: str = ""
    en: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not (self.segment.strip() or self.phase or self.de.strip() or self.en.strip())


@dataclass(slots=True)
class Rows:
    """All rows of one form."""

    owners: list[str] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    content: list[ContentRow] = field(default_factory=list)
    rules: list[RuleRow] = field(default_factory=list)
    felt: list[FeltRow] = field(default_factory=list)

    def tidy(self) -> None:
        """Drop rows in which nothing was entered: places in findings are then places of rows."""
        self.owners = [one.strip() for one in self.owners if one.strip()]
        self.content = [one for one in self.content if not one.is_blank]
        self.rules = [one for one in self.rules if not one.is_blank]
        self.felt = [one for one in self.felt if not one.is_blank]
        owners: list[RuleRow | FeltRow] = [*self.rules, *self.felt]
        for rule in owners:
            rule.conditions = [one for one in rule.conditions if not one.is_blank]

    def offer(self) -> None:
        """Add what a person fills in next: an owner, a rule, a row of content, and their first conditions."""
        if not self.owners or self.owners[-1].strip():
            self.owners.append("")
        self.content = self.content or [ContentRow()]
        self.rules = self.rules or [RuleRow()]
        self.felt = self.felt or [FeltRow()]
        for rule in self.felt:
            rule.conditions = rule.conditions or [ConditionRow()]

    @property
    def binding_rules(self) -> tuple[BindingRule, ...]:
        """The binding rules as typed."""
        return tuple(BindingRule(one.event, _meant(one.conditions)) for one in self.rules if not one.is_blank)

    @property
    def experience_rules(self) -> tuple[ExperienceRule, ...]:
        """The experience rules as typed."""
        return tuple(
            ExperienceRule(_experience(one.experience), _meant(one.conditions))
            for one in self.felt
            if not one.is_blank
        )

    @property
    def contents(self) -> tuple[Content, ...]:
        """The content as typed."""
        return tuple(
            Content(Text(one.de.strip(), one.en.strip()), one.segment.strip(), one.phase)
            for one in self.content
            if not one.is_blank
        )


def rows_of(touchpoint: Touchpoint) -> Rows:
    """Return the rows of a touchpoint as it stands."""
    return Rows(
        owners=list(touchpoint.owners),
        phases=list(touchpoint.phases),
        content=[ContentRow(c.segment, c.phase, c.text.de, c.text.en) for c in touchpoint.content],
        rules=[RuleRow(rule.event, _condition_rows(rule.where)) for rule in touchpoint.rules],
        felt=[
            FeltRow(rule.experience.name.lower(), _condition_rows(rule.when))
            for rule in touchpoint.experience
        ],
    )


def rows_from(sent: QueryDict) -> Rows:
    """Return the rows that were sent, in the order of their numbers."""
    rows = Rows(
        owners=[storable(one) for one in sent.getlist("owners")],
        phases=list(dict.fromkeys(storable(one) for one in sent.getlist("phases"))),
    )
    found: dict[tuple[str, int], dict[str, str]] = {}
    conditions: dict[tuple[str, int], dict[int, dict[str, str]]] = {}
    for name, value in sent.items():
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        kind, number, condition, part = match[1], int(match[2]), match[3], match[4]
        place = found.setdefault((kind, number), {})
        if condition is None:
            place[part] = storable(str(value))
        else:
            at = conditions.setdefault((kind, number), {}).setdefault(int(condition), {})
            at[part] = storable(str(value))
    for kind, number in sorted(found):
        given = found[kind, number]
        below = conditions.get((kind, number), {})
        typed = [_condition_row(below[at]) for at in sorted(below)]
        if kind == "content":
            rows.content.append(
                ContentRow(*(given.get(part, "") for part in ("segment", "phase", "de", "en")))
            )
        elif kind == "rule":
            rows.rules.append(RuleRow(given.get("event", ""), typed))
        else:
            rows.felt.append(FeltRow(given.get("experience", "bad"), typed))
    return rows


def act(rows: Rows, do: str) -> bool:
    """Do what a button of the form asks of its rows; False where it asks for something else."""
    match = _DO.fullmatch(do)
    if match is None:
        return False
    verb, kind, place = match[1], match[2], match[3] or ""
    if kind == "condition":
        _act_on_condition(rows, verb, place)
    elif kind == "phase":
        _act_on_phase(rows.phases, verb, place)
    elif kind == "owner":
        rows.owners.append("")
    else:
        lists: Mapping[str, tuple[list[object], Callable[[], object]]] = {
            "content": (rows.content, ContentRow),  # type: ignore[dict-item]  # lists of their own rows
            "rule": (rows.rules, RuleRow),  # type: ignore[dict-item]
            "felt": (rows.felt, lambda: FeltRow(conditions=[ConditionRow()])),  # type: ignore[dict-item]
        }
        _act_on_list(*lists[kind], verb, place)
    return True


def _act_on_list(rows: list[object], new: Callable[[], object], verb: str, place: str) -> None:
    if verb == "add":
        rows.append(new())
        return
    at = whole(place, -1)
    if 0 <= at < len(rows):
        row = rows.pop(at)
        if verb != "drop":
            rows.insert(max(0, at + (-1 if verb == "up" else 1)), row)


def _act_on_phase(phases: list[str], verb: str, key: str) -> None:
    if key not in phases:
        return
    at = phases.index(key)
    phases.remove(key)
    if verb != "drop":
        phases.insert(max(0, at + (-1 if verb == "up" else 1)), key)


def _act_on_condition(rows: Rows, verb: str, place: str) -> None:
    """`place` is rule-0 or felt-1 where a condition is added, rule-0-2 where the third one is dropped."""
    kind, _, numbers = place.partition("-")
    owner, _, at = numbers.partition("-")
    owners: list[RuleRow] | list[FeltRow] = rows.rules if kind == "rule" else rows.felt
    row, condition = whole(owner, -1), whole(at, -1)
    if not 0 <= row < len(owners):
        return
    conditions = owners[row].conditions
    if verb == "add":
        conditions.append(ConditionRow())
    elif 0 <= condition < len(conditions):
        conditions.pop(condition)


def _meant(rows: Iterable[ConditionRow]) -> tuple[Condition, ...]:
    return tuple(row.meant for row in rows if not row.is_blank)


def _condition_rows(found: Iterable[Condition]) -> list[ConditionRow]:
    return [ConditionRow(one.key, one.operator.value, values.typed(one.value)) for one in found]


def _condition_row(given: Mapping[str, str]) -> ConditionRow:
    return ConditionRow(given.get("key", ""), given.get("operator", ""), given.get("value", ""))


def _operator(word: str) -> Operator:
    return Operator(word) if word in set(Operator) else Operator.IS


def _experience(word: str) -> Experience:
    return next((one for one in FELT if one.name.lower() == word), Experience.BAD)
