"""What binding rules would match, asked of the record before they are saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wegmarke.atlas import rule_words
from wegmarke.atlas.links import linked
from wegmarke.insights import figures
from wegmarke.plan import rights
from wegmarke.plan.rules import bindings_of
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.safestring import SafeString

    from wegmarke.atlas.pages import Here
    from wegmarke.record.contracts import BindingRule, RulePreview

MOST_PROPERTIES = 6


@dataclass(frozen=True, slots=True)
class ShownExample:
    """One event of the record, with its first properties in words."""

    person: str
    time: datetime
    name: str
    properties: tuple[tuple[str, SafeString], ...]


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """What rules match, ready for the page."""

    events: str
    persons: str
    nothing: bool
    looked_at: str
    taken_before: str
    overlaps: tuple[tuple[SafeString, str], ...]
    examples: tuple[ShownExample, ...]


def preview_of(rules: tuple[BindingRule, ...], key: str | None, at: Here) -> ShownPreview | None:
    """Ask the record; None where there are no rules to ask about. Raises `NotAllowedError`."""
    rights.require_rules(at.user)
    usable = tuple(rule for rule in rules if rule.event.strip())
    if not usable:
        return None
    return _shown(record.preview_rules(usable, bindings_of(at.plan), key), at)


def _shown(found: RulePreview, at: Here) -> ShownPreview:
    names = {one.key: at.said(one.name) or one.key for one in at.plan.touchpoints}
    whole = found.share_looked_at >= 1
    return ShownPreview(
        events=figures.count(found.events),
        persons=figures.count(found.persons),
        nothing=found.events == 0,
        looked_at="" if whole else figures.small_share(found.share_looked_at),
        taken_before=figures.count(found.taken_before) if found.taken_before else "",
        overlaps=tuple(
            (linked(one.touchpoint, names.get(one.touchpoint, one.touchpoint)), figures.count(one.events))
            for one in found.overlaps
        ),
        examples=tuple(
            ShownExample(one.person, one.time, one.name, _properties(one.properties))
            for one in found.examples
        ),
    )


def _properties(found: Mapping[str, object]) -> tuple[tuple[str, SafeString], ...]:
    plain = [(key, value) for key, value in found.items() if isinstance(value, str | int | float)]
    return tuple((key, rule_words.as_html(rule_words.value(value))) for key, value in plain[:MOST_PROPERTIES])
