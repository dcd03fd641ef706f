"""What was measured at one touchpoint, and whether its success metric is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.insights import figures
from wegmarke.plan.contracts import Measure

if TYPE_CHECKING:
    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Metric

MONTH_DAYS = 365.2425 / 12
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Actual:
    """The actual value of a metric in words, and how it stands to the target.

    `sign` is a sign of badges: good (reached), bad (not reached), unknown (the interval includes the target).
    """

    text: str
    sign: str
    verdict: str


def lived_at(key: str, analysis: Analysis | None) -> TouchpointExperience | None:
    """Return what was lived through at one touchpoint; None where nothing was seen."""
    found = () if analysis is None else analysis.lived.touchpoints
    return next((one for one in found if one.touchpoint == key), None)


def rated(lived: TouchpointExperience) -> int:
    """Return how many touches were rated."""
    return lived.bad + lived.neutral + lived.good


def actual(metric: Metric, key: str, analysis: Analysis | None) -> Actual | None:
    """Return the actual value of a metric; None where nothing measured it yet."""
    lived = lived_at(key, analysis)
    if analysis is None or lived is None:
        return None
    if metric.measure is Measure.TOUCHES:
        return _monthly(metric, lived.touches, analysis)
    if metric.measure is Measure.BAD_SHARE:
        return _bad_share(metric, lived)
    estimate = {Measure.NET_EXPERIENCE: lived.experience, Measure.DROP_OFF: lived.drop_off}.get(
        metric.measure
    )
    if estimate is None:
        return None
    net = metric.measure is Measure.NET_EXPERIENCE
    text = _("%(figure)s, n = %(n)s") % {
        "figure": figures.net(estimate) if net else figures.share(estimate),
        "n": figures.count(estimate.n),
    }
    return _judged(text, (metric.reached(estimate.low), metric.reached(estimate.high)))


def _bad_share(metric: Metric, lived: TouchpointExperience) -> Actual | None:
    """Return bad among rated touches, without an interval: ratings of one person go together."""
    n = rated(lived)
    if not n:
        return None
    text = _("%(share)s of %(n)s rated touches") % {
        "share": figures.small_share(lived.bad / n),
        "n": figures.count(n),
    }
    return _judged(text, (metric.reached(lived.bad / n),))


def _monthly(metric: Metric, touches: int, analysis: Analysis) -> Actual:
    """Return the touches of an average month of the period: a count, hence without an interval."""
    months = max(1.0, (analysis.period.end - analysis.period.start) / DAY_SECONDS / MONTH_DAYS)
    average = touches / months
    text = _("%(n)s per month on average") % {"n": figures.count(average)}
    return _judged(text, (metric.reached(average),))


def _judged(text: str, ends: tuple[bool, ...]) -> Actual:
    """Judge by both ends of the interval: where they differ, it is too close to call."""
    if all(ends):
        return Actual(text, "good", _("reached"))
    if not any(ends):
        return Actual(text, "bad", _("not reached"))
    return Actual(text, "unknown", _("too close to call"))
