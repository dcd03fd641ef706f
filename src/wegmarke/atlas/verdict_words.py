"""Verdicts in plain words, with their uncertainty in the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from wegmarke.atlas.verdicts import Reason, Strength, Verdict
from wegmarke.insights import figures, wording
from wegmarke.insights.words import ClassWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from wegmarke.analysis.insight import Effect, MomentsInsight
    from wegmarke.atlas.verdicts import Judgement

VERDICTS: Mapping[Verdict, ClassWords] = {
    Verdict.WORKS: ClassWords(
        pgettext_lazy("verdict", "works"), "▲", "good",
        gettext_lazy("It is proven to matter: it moves customers on, or failing here drives them away."),
    ),
    Verdict.ANNOYS: ClassWords(
        pgettext_lazy("verdict", "annoys"), "▼", "bad",
        gettext_lazy("It is often bad, or the contact itself drives customers away."),
    ),
    Verdict.DEAD: ClassWords(
        pgettext_lazy("verdict", "dead"), "■", "quiet",
        gettext_lazy("It is met and demonstrably changes nothing, or nobody has met it for long."),
    ),
    Verdict.UNKNOWN: ClassWords(
        pgettext_lazy("verdict", "unknown"), "?", "unknown",
        gettext_lazy("The data cannot say yet."),
    ),
}  # fmt: skip

STRENGTHS: Mapping[Strength, str | _StrPromise] = {
    Strength.STURDY: gettext_lazy("sturdy"),
    Strength.FAIR: gettext_lazy("fairly sturdy"),
    Strength.FRAGILE: gettext_lazy("fragile"),
    Strength.NONE: "",
}


def sentence(judgement: Judgement, insight: MomentsInsight | None, name: str) -> str:  # noqa: PLR0911 - one each
    """Say what a verdict rests on."""
    match judgement.reason:
        case Reason.NEVER_SEEN:
            return _("“%(name)s” was never seen in the data.") % {"name": name}
        case Reason.SILENT:
            return _silent(judgement, name)
        case Reason.OFTEN_BAD:
            return _often_bad(judgement, name) + " " + _("Whether that costs customers is not proven.")
        case Reason.NO_EFFECT if judgement.effect is not None:
            return _no_effect(judgement.effect, name)
        case Reason.NOT_JUDGED:
            return _("“%(name)s” was met, but there is nothing to judge it by.") % {"name": name}
    if judgement.moment is None or insight is None:
        return _("“%(name)s” was met, but there is nothing to judge it by.") % {"name": name}
    found = wording.sentence(judgement.moment, insight, name)
    if judgement.reason is Reason.BREAKS_OFTEN:
        return f"{_often_bad(judgement, name)} {found}"
    return found


def quoted(name: str) -> str:
    """Set a name in the quotation marks of the language."""
    return _("“%(name)s”") % {"name": name}


def _silent(judgement: Judgement, name: str) -> str:
    last = judgement.seen.last_touch
    return _("Nobody has met “%(name)s” since %(day)s.") % {
        "name": name,
        "day": "" if last is None else figures.day(last),
    }


def _often_bad(judgement: Judgement, name: str) -> str:
    if judgement.bad is None:
        return ""
    exponent = figures.percent_exponent(judgement.bad.low, judgement.bad.high)
    low, high = (figures.number(end * 100, exponent) for end in (judgement.bad.low, judgement.bad.high))
    inside = pgettext("percentage", "%(number)s%%") % {"number": figures.to(low, high)}
    return _("At “%(name)s” %(share)s of the rated touches are bad.") % {"name": name, "share": inside}


def _no_effect(effect: Effect, name: str) -> str:
    most = max(abs(effect.low), abs(effect.high))
    exponent = figures.percent_exponent(effect.low, effect.high)
    step = 10.0 ** (exponent - 2)
    rounded = round(most / step) * step
    rounded = rounded if rounded >= most - 1e-12 else rounded + step  # "at most" stays true as shown
    return _(
        "“%(name)s” demonstrably changes nothing: whether customers leave or move on shifts by at most "
        "%(points)s after it."
    ) % {"name": name, "points": figures.percentage_points(rounded, rounded, exponent)}


def needed(judgement: Judgement) -> str:
    """Say how many touches are missing for a verdict; empty where nobody can promise an answer."""
    if not judgement.needed:
        return ""
    return ngettext("roughly %(n)s more touch", "roughly %(n)s more touches", judgement.needed) % {
        "n": figures.count(judgement.needed)
    }


def counted(counts: Mapping[Verdict, int]) -> str:
    """Say how many touchpoints there are of each verdict, in one sentence."""
    whole = sum(counts.values())
    parts = [_part(verdict, counts[verdict]) for verdict in VERDICTS if counts[verdict]]
    if not parts:
        return ""
    listed = parts[0]
    if len(parts) > 1:
        listed = _("%(some)s and %(last)s") % {"some": ", ".join(parts[:-1]), "last": parts[-1]}
    # Translators: the parts follow, for example "11 work, 14 annoy and 6 are dead"
    head = ngettext("Of %(n)s touchpoint %(parts)s.", "Of %(n)s touchpoints %(parts)s.", whole)
    return head % {"n": figures.count(whole), "parts": listed}


def _part(verdict: Verdict, count: int) -> str:
    texts = {
        Verdict.WORKS: ngettext("%(n)s works", "%(n)s work", count),
        Verdict.ANNOYS: ngettext("%(n)s annoys", "%(n)s annoy", count),
        Verdict.DEAD: ngettext("%(n)s is dead", "%(n)s are dead", count),
        Verdict.UNKNOWN: ngettext("%(n)s is unknown", "%(n)s are unknown", count),
    }
    return texts[verdict] % {"n": figures.count(count)}
