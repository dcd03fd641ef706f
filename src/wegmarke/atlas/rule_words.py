"""Binding and experience rules in words, in the active language: as parts, and these as a text or as HTML.

What people or events named stands in parts of its own. HTML puts it into `<code>` or `<bdi>`, escaped, so
that it can neither run nor turn the sentence round.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from string import Formatter
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from wegmarke.atlas.fields import FELT
from wegmarke.atlas.typed import typed
from wegmarke.record.contracts import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.safestring import SafeString

    from wegmarke.analysis.journeys import Experience
    from wegmarke.plan.contracts import Touchpoint
    from wegmarke.record.contracts import BindingRule, Condition, ExperienceRule


class Kind(Enum):
    """What a part is: words of ours, a name as events have it, a text somebody may have written anyhow."""

    WORDS = auto()
    CODE = auto()
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence."""

    text: str
    kind: Kind = Kind.WORDS


Parts = tuple[Part, ...]
_MARKS: Mapping[Kind, str] = {Kind.WORDS: "{}", Kind.CODE: "<code>{}</code>", Kind.FOREIGN: "<bdi>{}</bdi>"}


def as_text(parts: Iterable[Part]) -> str:
    """Return a sentence as plain text."""
    return "".join(one.text for one in parts)


def as_html(parts: Iterable[Part]) -> SafeString:
    """Return a sentence with its foreign parts marked."""
    return format_html_join("", "{}", ((format_html(_MARKS[one.kind], one.text),) for one in parts))


def rules(touchpoint: Touchpoint) -> tuple[Parts, ...]:
    """Say which events are a touchpoint, rule by rule."""
    return tuple(map(rule, touchpoint.rules))


def experiences(touchpoint: Touchpoint) -> tuple[Parts, ...]:
    """Say how its touches are felt, rule by rule, and at last how where none decides."""
    last = otherwise(touchpoint)
    return (*map(felt, touchpoint.experience), *((last,) if last else ()))


def rule(one: BindingRule) -> Parts:
    """Say which events one binding rule takes: `Payment Entered` where `step` is “payment”."""
    event = (Part(one.event, Kind.CODE),)
    if not one.where:
        return event
    return _filled(_("{event} where {conditions}"), event=event, conditions=conditions(one.where))


def felt(one: ExperienceRule) -> Parts:
    """Say when an experience is what: bad where `wait_minutes` is above 60."""
    word = (Part(experience(one.experience)),)
    return _filled(_("{experience} where {conditions}"), experience=word, conditions=conditions(one.when))


def otherwise(touchpoint: Touchpoint) -> Parts:
    """Say what an experience is that no rule and no answer decides."""
    if touchpoint.otherwise is not None:
        return (Part(_("Otherwise: %(experience)s.") % {"experience": experience(touchpoint.otherwise)}),)
    return (Part(_("Otherwise: neutral.")),) if touchpoint.experience else ()


def experience(found: Experience) -> str:
    """Return what an experience is called."""
    return str(FELT[found.name.lower()])


def conditions(found: Iterable[Condition]) -> Parts:
    """Join conditions that must all hold."""
    # Translators: between conditions that must all hold
    return _joined(f" {_('and')} ", map(condition, found))


def condition(one: Condition) -> Parts:
    """Say one comparison of a property."""
    named = (Part(one.key, Kind.CODE),)
    if one.operator is Operator.EXISTS:
        text = _("{property} is missing") if one.value is False else _("{property} is there")
        return _filled(text, property=named)
    sentences: Mapping[str, str] = {
        Operator.IS: _("{property} is {value}"),
        Operator.IS_NOT: _("{property} is there and not {value}"),
        Operator.IN: _("{property} is one of {value}"),
        Operator.ABOVE: _("{property} is above {value}"),
        Operator.AT_LEAST: _("{property} is at least {value}"),
        Operator.BELOW: _("{property} is below {value}"),
        Operator.AT_MOST: _("{property} is at most {value}"),
        Operator.CONTAINS: _("{property} contains {value}"),
        Operator.LIKE: _("{property} is like {value}"),
    }
    return _filled(sentences[one.operator], property=named, value=value(one.value))


def value(found: object) -> Parts:
    """Say a value of a condition: texts in quotation marks, numbers and true or false as typed."""
    if isinstance(found, tuple):
        return _joined(", ", map(value, found))
    if isinstance(found, str):
        # Translators: quotation marks around a value
        return _filled(_("“{value}”"), value=(Part(found, Kind.FOREIGN),))
    return (Part(typed(found), Kind.CODE),)


def _filled(sentence: str, **values: Parts) -> Parts:
    found: list[Part] = []
    for words, name, _spec, _conversion in Formatter().parse(sentence):
        found += [Part(words)] if words else []
        found += values[name] if name else ()
    return tuple(found)


def _joined(between: str, each: Iterable[Parts]) -> Parts:
    found: list[Part] = []
    for at, parts in enumerate(each):
        found += [Part(between)] if at else []
        found += parts
    return tuple(found)
