"""What was measured at one touchpoint, and whether its success metric is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.atlas import measures
from wegmarke.insights import figures
from wegmarke.plan.contracts import SHARES, Measure

if TYPE_CHECKING:
    from wegmarke.analysis.insight import TouchpointExperience
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Metric


@dataclass(frozen=True, slots=True)
class Actual:
    """The actual value of a metric in words, and how it stands to the target.

    `sign` is a sign of badges: good (reached), bad (not reached), unknown (the interval includes the target).
    """

    text: str
    sign: str
    verdict: str


def rated(lived: TouchpointExperience) -> int:
    """Return how many touches were rated."""
    return lived.bad + lived.neutral + lived.good


def actual(metric: Metric, key: str, analysis: Analysis | None) -> Actual | None:
    """Return the actual value of a metric; None where nothing measured it yet."""
    found = measures.actual_at(key, metric.measure, analysis)
    if found is None:
        return None
    said = measures.measured(metric.measure, found)
    if metric.measure in SHARES or metric.measure is Measure.NET_EXPERIENCE:
        text = _("%(figure)s, n = %(n)s") % {"figure": said, "n": figures.count(found.n)}
    else:
        text = _("%(n)s in the last complete month") % {"n": said}
    return _judged(text, (metric.reached(found.low), metric.reached(found.high)))


def _judged(text: str, ends: tuple[bool, ...]) -> Actual:
    """Judge by both ends of the interval: where they differ, it is too close to call."""
    if all(ends):
        return Actual(text, "good", _("reached"))
    if not any(ends):
        return Actual(text, "bad", _("not reached"))
    return Actual(text, "unknown", _("too close to call"))
