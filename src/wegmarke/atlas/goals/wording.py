"""Goals in words: how one stands, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wegmarke.atlas import measures
from wegmarke.atlas.goals.contracts import Course, Lack
from wegmarke.insights import figures
from wegmarke.plan.contracts import SHARES, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from wegmarke.analysis.insight import Estimate
    from wegmarke.atlas.goals.contracts import Standing
    from wegmarke.plan.contracts import Metric


@dataclass(frozen=True, slots=True)
class CourseWords:
    """How a course is called, and the sign it carries."""

    name: str | _StrPromise
    sign: str


COURSES: Mapping[Course, CourseWords] = {
    Course.REACHED: CourseWords(gettext_lazy("reached"), "done"),
    Course.ON_COURSE: CourseWords(gettext_lazy("on course"), "good"),
    Course.AT_RISK: CourseWords(gettext_lazy("at risk"), "warning"),
    Course.OFF_COURSE: CourseWords(gettext_lazy("off course"), "bad"),
    Course.TOO_LITTLE: CourseWords(gettext_lazy("too little data"), "unknown"),
}
LACKS: Mapping[Lack, str | _StrPromise] = {
    Lack.NO_FIGURES: gettext_lazy("There are no figures yet. Import a file of events first."),
    Lack.NO_TOUCHES: gettext_lazy("Nothing of what this goal is about is in the record yet."),
    Lack.FEW_MONTHS: gettext_lazy("A course needs four complete months with values."),
    Lack.NO_MONTHS: gettext_lazy("No month of this measure is complete yet, so that no course can be told."),
    Lack.END_UNMEASURED: gettext_lazy(
        "The deadline is over, but its month is not wholly in the figures: whether the target was reached"
        " cannot be told."
    ),
    Lack.NOT_TOGETHER: gettext_lazy(
        "This measure is not computed over several touchpoints or for phases: choose one touchpoint, or leave"
        " both empty for everything."
    ),
}
_MONTHS = 12


def value(measure: Measure, estimate: Estimate) -> str:
    """Return a value with its interval; a count has none."""
    if measure is Measure.NET_EXPERIENCE:
        return figures.net(estimate)
    if measure in SHARES:
        return figures.share(estimate)
    return figures.size(estimate) if estimate.low < estimate.high else figures.count(estimate.estimate)


def interval(measure: Measure, estimate: Estimate) -> str:
    """Return only the interval of a value, with no more digits than it supports."""
    exponent = figures.percent_exponent(estimate.low, estimate.high)
    low, high = estimate.low * measures.PERCENT, estimate.high * measures.PERCENT
    if measure is Measure.NET_EXPERIENCE:
        return figures.to(figures.signed(low, exponent), figures.signed(high, exponent))
    if measure in SHARES:
        inside = figures.to(figures.number(low, exponent), figures.number(high, exponent))
        return pgettext("percentage", "%(number)s%%") % {"number": inside}
    return figures.size_range(estimate)


def month(number: int) -> str:
    """Return a month as 03/2026."""
    return f"{number % _MONTHS + 1:02}/{number // _MONTHS}"


def n_of(measure: Measure, estimate: Estimate) -> str:
    """Say how many observations stand behind a value; empty for counts, which are their own n."""
    if measure in (Measure.PERSONS, Measure.TOUCHES):
        return ""
    words = {
        Measure.NET_EXPERIENCE: _("n = %(n)s rated touches"),
        Measure.BAD_SHARE: _("n = %(n)s rated touches"),
    }
    return words.get(measure, _("n = %(n)s persons")) % {"n": figures.count(estimate.n)}


def sentence(one: Standing) -> str:
    """Say in one sentence how a goal stands and what that rests on."""
    metric = one.goal.metric
    if one.lack is not None:
        return str(LACKS[one.lack])
    if one.final and one.actual is not None:
        return _of_the_end(one.course, metric, one.actual)
    if one.ahead is None:
        return _("The target is reached, whole interval included.")
    said = {
        "interval": interval(metric.measure, one.ahead),
        "deadline": date_format(one.goal.until, "F Y"),
        "target": measures.target(metric),
    }
    texts = {
        Course.REACHED: _(
            "The target (%(target)s) is reached; going on like this, %(deadline)s comes to %(interval)s."
        ),
        Course.ON_COURSE: _(
            "Going on like this, %(deadline)s comes to %(interval)s: all of it within the target"
            " (%(target)s)."
        ),
        Course.AT_RISK: _(
            "Going on like this, %(deadline)s comes to %(interval)s: the target (%(target)s) may be reached"
            " or missed."
        ),
        Course.OFF_COURSE: _(
            "Going on like this, %(deadline)s comes to %(interval)s: the target (%(target)s) is missed."
        ),
    }
    return texts[one.course] % said


def _of_the_end(course: Course, metric: Metric, actual: Estimate) -> str:
    said = {"interval": interval(metric.measure, actual), "target": measures.target(metric)}
    texts = {
        Course.REACHED: _("The deadline is over: %(interval)s, the target (%(target)s) was reached."),
        Course.OFF_COURSE: _("The deadline is over: %(interval)s, the target (%(target)s) was missed."),
    }
    unclear = _("The deadline is over: %(interval)s; whether the target (%(target)s) was reached is unclear.")
    return texts.get(course, unclear) % said
