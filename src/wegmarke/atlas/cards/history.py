"""What happened to a touchpoint, in words: who, when, what before and after; and how to go back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wegmarke.atlas import channels, measures, rule_words
from wegmarke.atlas.cards import wording
from wegmarke.atlas.fields import WORDS, name_of
from wegmarke.atlas.fields import said as in_words
from wegmarke.atlas.values import holding
from wegmarke.plan import parts
from wegmarke.plan import queries as plans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Change, Content, Edit, Text, Touchpoint

KIND = "touchpoints"
FOR_EDITORS = "events"
"""The binding rules: the one field its owners may not change (`plan.rights.require_rules`)."""
BREAK = SafeString("<br>")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field that changed, in words; None where there was or is nothing."""

    field: str
    label: str
    before: SafeString | None
    after: SafeString | None

    @property
    def for_editors(self) -> bool:
        """Say whether only editors may take this back."""
        return self.field == FOR_EDITORS


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """One version's edit of a touchpoint. `came` and `went`: the whole touchpoint was added or removed."""

    version: int
    who: str
    at: datetime
    comment: str
    changes: tuple[ShownChange, ...]
    came: bool
    went: bool

    @property
    def for_editors(self) -> bool:
        """Say whether only editors may take this back."""
        return any(change.for_editors for change in self.changes)


def edits_of(key: str, at: Here) -> tuple[ShownEdit, ...]:
    """Return all edits of a touchpoint, newest first."""
    return tuple(shown(edit, at) for edit in plans.edits_of(KIND, key))


def shown(edit: Edit, at: Here) -> ShownEdit:
    """Say one edit in words."""
    whole = [change for change in edit.changes if not change.name]
    return ShownEdit(
        version=edit.version.version,
        who=edit.version.saved_by or "",
        at=edit.version.saved_at,
        comment=edit.version.comment,
        changes=tuple(said(change, at) for change in edit.changes if change.name),
        came=any(change.before is None for change in whole),
        went=any(change.after is None for change in whole),
    )


def said(change: Change, at: Here) -> ShownChange:
    """Say one changed field in words."""
    before = value(change.name, change.before, at)
    after = value(change.name, change.after, at)
    return ShownChange(change.name, name_of(change.name), before, after)


def between(older: Touchpoint, newer: Touchpoint, at: Here) -> tuple[ShownChange, ...]:
    """Return what differs between two states of a touchpoint."""
    write = parts.WRITERS[KIND]
    place = (KIND, newer.key)
    found = parts.changes_of_parts({place: write(older)}, {place: write(newer)})
    return tuple(said(change, at) for change in found)


def with_values(touchpoint: Touchpoint, source: Touchpoint, fields: Iterable[str]) -> Touchpoint:
    """Return a touchpoint that has some fields (as called in documents) as another state of it has them."""
    plain, other = parts.WRITERS[KIND](touchpoint), parts.WRITERS[KIND](source)
    for field in fields:
        plain.pop(field, None)
        if field in other:
            plain[field] = other[field]
    taken: Touchpoint = parts.READERS[KIND](plain)
    return taken


def value(field: str, plain: Any, at: Here) -> SafeString | None:  # noqa: ANN401 - plain values of any form
    """Return the value of a field in words; None for nothing."""
    if plain is None or plain in ({}, []):
        return None
    return field_in_words(field, holding(field, plain), at)


def field_in_words(field: str, touchpoint: Touchpoint, at: Here) -> SafeString | None:
    """Return one field of a touchpoint (as called in documents) in words; None where it says nothing."""
    match field:
        case "name" | "purpose" | "timing" | "notes":
            return _text(getattr(touchpoint, field))
        case "phases" | "owners" | "promises":
            return _listed(_names(field, touchpoint, at))
        case "content" | "events" | "experience":
            return _lines(_said_lines(field, touchpoint, at))
        case _:
            word = _word(field, touchpoint, at)
            return format_html("{}", word) if word else None


def _names(field: str, touchpoint: Touchpoint, at: Here) -> Iterable[str]:
    if field == "phases":
        return (wording.phase_name(at.plan, key, at.language) for key in touchpoint.phases)
    if field == "owners":
        return touchpoint.owners
    known = {one.key: at.said(one.name) or one.key for one in at.plan.promises}
    return (known.get(key, key) for key in touchpoint.promises)


def _said_lines(field: str, touchpoint: Touchpoint, at: Here) -> Iterable[SafeString]:
    if field == "content":
        return [_content(one, at) for one in touchpoint.content]
    if field == "events":
        return map(rule_words.as_html, rule_words.rules(touchpoint))
    return map(rule_words.as_html, rule_words.experiences(touchpoint))


def _word(field: str, touchpoint: Touchpoint, at: Here) -> str:
    """Return a field whose value is one word or number."""
    found: Any = getattr(touchpoint, field)
    if field in WORDS:
        return in_words(field, found, full=True)
    if found is None:
        return ""
    say: dict[str, Callable[[Any], object]] = {
        "channel": channels.name_of,
        "metric": measures.in_words,
        "cost": lambda one: wording.amount(one, at.plan),
        "per_quarter": wording.exact,
        "minutes": wording.exact,
    }
    return str(say.get(field, str)(found))


def _text(text: Text) -> SafeString | None:
    """Show a text in both languages where they differ: a history must not hide half of a change."""
    if not text:
        return None
    if text.de == text.en or not (text.de and text.en):
        return format_html("{}", text.de or text.en)
    return format_html("DE: {} · EN: {}", text.de, text.en)


def _content(one: Content, at: Here) -> SafeString:
    segment = one.segment or _("Everybody")
    phase = wording.phase_name(at.plan, one.phase, at.language) if one.phase else _("every phase")
    return format_html("{}, {}: {}", segment, phase, _text(one.text) or "")


def _listed(words: Iterable[str]) -> SafeString | None:
    return format_html_join(", ", "{}", ((word,) for word in words)) or None


def _lines(lines: Iterable[SafeString]) -> SafeString | None:
    return format_html_join(BREAK, "{}", ((line,) for line in lines)) or None
