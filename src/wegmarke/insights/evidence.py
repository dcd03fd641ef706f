"""How sure a verdict is, in words: unmeasured causes, common support, crude against adjusted, situations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wegmarke.insights import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wegmarke.analysis.insight import Effect, Moment, MomentsInsight, SituationLevel
    from wegmarke.insights.names import Names

DAY = 86_400
STRONG_E_VALUE = 2.0
WEAK_E_VALUE = 1.25
TOO_FEW_TO_SAY = 0.001
MOST_NAMED = 3
OTHER = "other"


@dataclass(frozen=True, slots=True)
class NamedEffect:
    """One effect of a touchpoint with what it is an effect of, in words; `bad` marks effects on leaving."""

    title: str
    effect: Effect
    on_leaving: bool


def effects(moment: Moment) -> tuple[NamedEffect, ...]:
    """Return the effects of a touchpoint that are known."""
    named = (
        (_("Bad experience → leaving"), moment.bad_on_leaving, True),
        (_("Good experience → moving on"), moment.good_on_moving_on, False),
        (_("The touch itself → leaving"), moment.touch_on_leaving, True),
        (_("The touch itself → moving on"), moment.touch_on_moving_on, False),
    )
    return tuple(
        NamedEffect(title, effect, leaving) for title, effect, leaving in named if effect is not None
    )


def unmeasured_cause(moment: Moment) -> str:
    """Say how strong an unmeasured cause would have to be (E-value); empty where there is none."""
    value, bound = moment.e_value, moment.e_value_bound
    if value is None:
        return ""
    text = _(
        "To explain this away, something we did not measure would have to make both the experience and the "
        "outcome at least %(value)s times as likely, beyond everything compared here."
    ) % {"value": figures.number(value, -1)}
    if bound is None:
        return text
    if bound <= 1:
        return f"{text} " + _("The interval alone already includes no effect.")
    cautious = _("For the cautious end of the interval %(bound)s times would do.") % {
        "bound": figures.number(bound, -1)
    }
    return f"{text} {cautious} {_judged(bound)}"


def _judged(bound: float) -> str:
    if bound >= STRONG_E_VALUE:
        return _("That is a sturdy finding.")
    if bound >= WEAK_E_VALUE:
        return _("That is a fairly sturdy finding.")
    return _("That is a fragile finding: a small unmeasured cause would be enough.")


def support(effect: Effect) -> str:
    """Say how much of what happened had something like it to be compared with."""
    if effect.outside_support <= 0:
        return _("Every one of these touches had like situations to compare it with.")
    if effect.outside_support < TOO_FEW_TO_SAY:
        return _("Practically every one of these touches had like situations to compare it with.")
    return _(
        "%(share)s of these touches had no like situation to compare with; they are left out of the figure."
    ) % {"share": figures.small_share(effect.outside_support)}


def said_once(said: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Gather the titles of which the same is said, so that it is said once."""
    titles: dict[str, list[str]] = {}
    for title, words in said:
        titles.setdefault(words, []).append(title)
    return tuple((" · ".join(about), words) for words, about in titles.items())


def crude_against_adjusted(effect: Effect) -> str:
    """Say what the plain comparison would have claimed."""
    exponent = figures.percent_exponent(effect.low, effect.high)
    values = {
        "crude": figures.signed(effect.crude * 100, exponent),
        "adjusted": figures.signed(effect.estimate * 100, exponent),
    }
    if values["crude"] == values["adjusted"]:
        return (
            _(
                "The plain comparison comes to the same %(adjusted)s percentage points: who ends up here "
                "makes no difference that could be seen."
            )
            % values
        )
    if effect.low <= effect.crude <= effect.high:
        return (
            _(
                "The plain comparison says %(crude)s percentage points, like situations compared "
                "%(adjusted)s: who ends up here explains little of it."
            )
            % values
        )
    if abs(effect.crude) > abs(effect.estimate):
        return (
            _(
                "The plain comparison would say %(crude)s percentage points; comparing like situations "
                "leaves %(adjusted)s. The rest is who ends up here, not what happens here."
            )
            % values
        )
    return (
        _(
            "The plain comparison would say only %(crude)s percentage points; comparing like situations "
            "shows %(adjusted)s. Who ends up here hides part of the effect."
        )
        % values
    )


def situation(insight: MomentsInsight, levels: tuple[str, ...], names: Names) -> tuple[str, ...]:
    """Return the features of a group of like situations in words, in the order of `insight.situation`."""
    return tuple(
        level_text(feature, level, names) for feature, level in zip(insight.situation, levels, strict=False)
    )


def level_text(feature: SituationLevel, level: str, names: Names) -> str:
    """Say one level of one feature.

    The analysis writes it as `name=label`, `name=other` or `name=from..to`.
    """
    value = level.removeprefix(f"{feature.name}=")
    if feature.kind == "phase":
        return _("Phase: %(phase)s") % {"phase": _phase(feature, value, names)}
    if feature.kind == "attribute":
        return f"{feature.name}: {_label(feature, value)}"
    ends = _ends(value)
    if ends is None or feature.kind not in _RANGES:
        return f"{feature_name(feature)}: {value}"
    return _RANGES[feature.kind](ends)


def feature_name(feature: SituationLevel) -> str:
    """Name one feature of a situation."""
    named = {
        "phase": _("Phase reached"),
        "tenure": _("Time since the first touch"),
        "touches_30_days": _("Touches in the last 30 days"),
        "days_since_last": _("Time since the last touch"),
        "bad_so_far": _("Bad experiences so far"),
    }
    return named.get(feature.kind, feature.name)


def _label(feature: SituationLevel, value: str) -> str:
    """Name a label; `other` gathers the labels that were not split off."""
    if value == OTHER:
        return _others([label or _("unknown") for label in feature.labels])
    return value or _("unknown")


def _phase(feature: SituationLevel, value: str, names: Names) -> str:
    if value == OTHER:
        return _others([names.phase(label) if label else _("none yet") for label in feature.labels])
    return names.phase(value) if value else _("none yet")


def _others(split_off: list[str]) -> str:
    """Say "other" by what it leaves out, where these are few."""
    if not 0 < len(split_off) <= MOST_NAMED:
        return _("other")
    return _("any but %(labels)s") % {"labels": ", ".join(split_off)}


def _ends(value: str) -> tuple[float | None, float | None] | None:
    """Read `from..to`; an open or zero end is None."""
    low, dots, high = value.partition("..")
    try:
        ends = (float(low) or None) if low else None, float(high) if high else None
    except ValueError:
        return None
    return ends if dots else None


def _tenure(ends: tuple[float | None, float | None]) -> str:
    low, high = ends
    if low is None and high is None:
        return _("known for any time")
    if low is None:
        return _("known for less than %(time)s") % {"time": figures.days_after_preposition((high or 0) / DAY)}
    if high is None:
        return _("known for %(time)s or longer") % {"time": figures.days_after_preposition(low / DAY)}
    return _("known for %(low)s to %(high)s") % {
        "low": figures.days_after_preposition(low / DAY),
        "high": figures.days_after_preposition(high / DAY),
    }


def _since_last(ends: tuple[float | None, float | None]) -> str:
    low, high = ends
    if low is None and high is None:
        return _("last touch at any time")
    if low is None:
        return _("last touch less than %(time)s ago") % {
            "time": figures.days_after_preposition((high or 0) / DAY)
        }
    if high is None:
        return _("last touch %(time)s ago or longer") % {"time": figures.days_after_preposition(low / DAY)}
    return _("last touch %(low)s to %(high)s ago") % {
        "low": figures.days_after_preposition(low / DAY),
        "high": figures.days_after_preposition(high / DAY),
    }


def _touches(ends: tuple[float | None, float | None]) -> str:
    text, last = _whole(ends)
    return ngettext("%(n)s touch in the last 30 days", "%(n)s touches in the last 30 days", last) % {
        "n": text
    }


def _bad(ends: tuple[float | None, float | None]) -> str:
    text, last = _whole(ends)
    if text == "0":
        return _("nothing bad so far")
    return ngettext("%(n)s bad experience so far", "%(n)s bad experiences so far", last) % {"n": text}


def _whole(ends: tuple[float | None, float | None]) -> tuple[str, int]:
    """Return a range of whole numbers as text, and the number its noun follows."""
    low = int(ends[0] or 0)
    if ends[1] is None:
        return _("%(n)s or more") % {"n": figures.count(low)}, 2
    high = int(ends[1]) - 1
    if high <= low:
        return figures.count(low), low
    return figures.to(figures.count(low), figures.count(high)), high


_RANGES: dict[str, Callable[[tuple[float | None, float | None]], str]] = {
    "tenure": _tenure,
    "days_since_last": _since_last,
    "touches_30_days": _touches,
    "bad_so_far": _bad,
}
