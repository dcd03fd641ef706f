"""The measures goals and success metrics aim at: their names, their values in writing, what they are now."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wegmarke.analysis.insight import Estimate
from wegmarke.insights import figures
from wegmarke.plan.contracts import FALLING, SHARES, Measure
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Metric

MEASURES: Mapping[Measure, str | _StrPromise] = {
    Measure.NET_EXPERIENCE: gettext_lazy("Net experience"),
    Measure.BAD_SHARE: gettext_lazy("Share of bad experiences"),
    Measure.DROP_OFF: gettext_lazy("Drop-off"),
    Measure.PERSONS: gettext_lazy("Persons per month"),
    Measure.TOUCHES: gettext_lazy("Touches per month"),
    Measure.LEAVING: gettext_lazy("Leaving per month"),
    Measure.CONVERSION: gettext_lazy("Conversion of a funnel"),
}
IN_SENTENCES: Mapping[Measure, str | _StrPromise] = {
    Measure.NET_EXPERIENCE: gettext_lazy("net experience"),
    Measure.BAD_SHARE: gettext_lazy("the share of bad experiences"),
    Measure.DROP_OFF: gettext_lazy("the drop-off"),
    Measure.PERSONS: gettext_lazy("the number of persons a month"),
    Measure.TOUCHES: gettext_lazy("the number of touches a month"),
    Measure.LEAVING: gettext_lazy("the share who leave"),
    Measure.CONVERSION: gettext_lazy("the conversion"),
}
"""The measures in the middle of a sentence."""
AT_ONE_TOUCHPOINT = {
    one: name for one, name in MEASURES.items() if one not in (Measure.LEAVING, Measure.CONVERSION)
}
"""The measures that can be told of a single touchpoint."""
MEANINGS: Mapping[Measure, str | _StrPromise] = {
    Measure.NET_EXPERIENCE: gettext_lazy(
        "share of good minus share of bad experiences, from minus 100 to plus 100"
    ),
    Measure.BAD_SHARE: gettext_lazy("bad ones among the rated touches"),
    Measure.DROP_OFF: gettext_lazy("share of customers who left right after it"),
    Measure.PERSONS: gettext_lazy("different customers in a month"),
    Measure.TOUCHES: gettext_lazy("touches in a month"),
    Measure.LEAVING: gettext_lazy("share of a month's customers who left"),
    Measure.CONVERSION: gettext_lazy("share of those at the first step who reach the last"),
}
PERCENT = 100.0
DAY = 86_400


def written(measure: Measure, value: float, digits: int | None = None) -> str:
    """Return a value of a measure as people read it; without `digits` as many as it needs, at most two."""
    if measure is Measure.NET_EXPERIENCE:
        return numbers.points(value, _digits(value) if digits is None else digits)
    if measure in SHARES:
        return numbers.percent(value, _digits(value) if digits is None else digits)
    return numbers.number(value, digits or 0)


def target(metric: Metric) -> str:
    """Return what a metric should reach: at least +40, at most 10 %."""
    counted = metric.measure in (Measure.PERSONS, Measure.TOUCHES)
    digits = _digits(metric.target / PERCENT if counted else metric.target)
    value = {"value": written(metric.measure, metric.target, digits)}
    return (_("at most %(value)s") if metric.measure in FALLING else _("at least %(value)s")) % value


def in_words(metric: Metric) -> str:
    """Return a metric in words: Net experience at least +40."""
    return f"{MEASURES[metric.measure]} {target(metric)}"


def factor(measure: Measure) -> float:
    """Return by what a value of a measure is multiplied where people type it in: shares are per cent."""
    return 1.0 if measure in (Measure.PERSONS, Measure.TOUCHES) else PERCENT


def out_of_range(measure: Measure, typed: float | None) -> str:
    """Say, in the unit people type a value in, that a measure cannot have it; empty where it can."""
    lowest = -PERCENT if measure is Measure.NET_EXPERIENCE else 0
    highest = PERCENT if factor(measure) == PERCENT else math.inf
    if typed is None or lowest <= typed <= highest:
        return ""
    if math.isinf(highest):
        return _("“%(measure)s” cannot be below 0.") % {"measure": MEASURES[measure]}
    text = (
        _("“%(measure)s” lies between -100 and +100.")
        if measure is Measure.NET_EXPERIENCE
        else _("“%(measure)s” lies between 0 and 100 per cent.")
    )
    return text % {"measure": MEASURES[measure]}


def measured(measure: Measure, actual: Estimate) -> str:
    """Say what a measure is, with its interval where it has one."""
    if measure is Measure.NET_EXPERIENCE:
        return figures.net(actual)
    return figures.share(actual) if measure in SHARES else figures.count(actual.estimate)


def lived_at(touchpoint: str, analysis: Analysis | None) -> TouchpointExperience | None:
    """Return what was lived through at one touchpoint; None where nothing was seen."""
    found = () if analysis is None else analysis.lived.touchpoints
    return next((one for one in found if one.touchpoint == touchpoint), None)


def actual_at(touchpoint: str, measure: Measure, analysis: Analysis | None) -> Estimate | None:
    """Return what a measure is at a touchpoint; None where it cannot be told of a single touchpoint.

    Touches and persons are those of the last complete month, counted and therefore without an interval.
    """
    lived = lived_at(touchpoint, analysis)
    if analysis is None or lived is None:
        return None
    match measure:
        case Measure.NET_EXPERIENCE:
            return lived.experience
        case Measure.BAD_SHARE:
            return lived.bad_share
        case Measure.DROP_OFF:
            return lived.drop_off
        case Measure.TOUCHES | Measure.PERSONS:
            return _last_month(measure, touchpoint, analysis)
        case _:
            return None


def _last_month(measure: Measure, touchpoint: str, analysis: Analysis) -> Estimate | None:
    monthly = analysis.monthly
    complete = monthly.months if monthly.last_complete else monthly.months[:-1]
    if not complete or not holds_the_beginning_of(complete[-1], analysis):
        return None
    months = next((one.months for one in monthly.touchpoints if one.touchpoint == touchpoint), ())
    cell = next((one for one in months if one.start == complete[-1]), None)
    count = 0 if cell is None else cell.persons if measure is Measure.PERSONS else cell.touches
    return Estimate(float(count), float(count), float(count), count)


def holds_the_beginning_of(month: int, analysis: Analysis) -> bool:
    """Say whether the figures hold the beginning of a month: the first one may have begun before them."""
    return analysis.period.start - month <= DAY


def day(value: date) -> str:
    """Return a day as people write it: 31 December 2026."""
    # Translators: a day in Django's format characters
    return date_format(value, pgettext("format of a day", "j F Y"))


def _digits(value: float) -> int:
    shown = value * PERCENT
    return next((digits for digits in (0, 1) if abs(round(shown, digits) - shown) < 1e-9), 2)  # noqa: PLR2004
