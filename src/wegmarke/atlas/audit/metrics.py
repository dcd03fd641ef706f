"""Success metrics in words: what is measured, what it is, what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wegmarke.insights import figures
from wegmarke.plan.contracts import SHARES, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from wegmarke.analysis.insight import Estimate
    from wegmarke.plan.contracts import Metric

MEASURES: Mapping[Measure, str | _StrPromise] = {
    Measure.NET_EXPERIENCE: gettext_lazy("net experience"),
    Measure.BAD_SHARE: gettext_lazy("the share of bad experiences"),
    Measure.DROP_OFF: gettext_lazy("the drop-off"),
    Measure.PERSONS: gettext_lazy("the number of persons a month"),
    Measure.TOUCHES: gettext_lazy("the number of touches a month"),
    Measure.LEAVING: gettext_lazy("the share who leave"),
    Measure.CONVERSION: gettext_lazy("the conversion"),
}


def said(measure: Measure, actual: Estimate) -> str:
    """Say what a measure is, with its interval where it has one."""
    if measure is Measure.NET_EXPERIENCE:
        return figures.net(actual)
    return figures.share(actual) if measure in SHARES else figures.count(actual.estimate)


def said_target(metric: Metric) -> str:
    """Say what a measure should be."""
    if metric.measure is Measure.NET_EXPERIENCE:
        value = figures.signed(metric.target * 100, _digits(metric.target))
    elif metric.measure in SHARES:
        value = figures.percent(metric.target, _digits(metric.target))
    else:
        value = figures.count(metric.target)
    text = _("at most %(value)s") if metric.falling else _("at least %(value)s")
    return text % {"value": value}


def _digits(target: float) -> int:
    return 0 if abs(target * 100 - round(target * 100)) < 0.05 else -1  # noqa: PLR2004 - one decimal is shown
