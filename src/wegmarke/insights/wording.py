"""Findings as plain sentences in the language of the reader, with their uncertainty in the sentence.

Every function speaks the active language. Names are put in as text: whoever shows a sentence escapes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wegmarke.analysis.insight import MomentClass
from wegmarke.analysis.journeys import StartedBy
from wegmarke.insights import figures

if TYPE_CHECKING:
    from wegmarke.analysis.insight import Effect, Moment, MomentsInsight

SIGNIFICANT = 0.05
MUCH_OUTSIDE = 0.5


def sentence(moment: Moment, insight: MomentsInsight, name: str) -> str:
    """Say what was found at one touchpoint."""
    within = figures.within(insight.horizon_days)
    match moment.moment_class:
        case MomentClass.BREAKS:
            return _after_bad(_needed(moment.bad_on_leaving), name, within)
        case MomentClass.ADVANCES:
            return _advances(moment, insight.margin, name, within)
        case MomentClass.DELIGHTS:
            return _delights(moment, name, within)
        case MomentClass.ANNOYS_HARMLESS:
            return _harmless(moment, name)
        case MomentClass.ANNOYS_COSTS:
            return _costs(_needed(moment.touch_on_leaving), name, within)
        case MomentClass.UNPROVEN:
            return _unproven(moment, insight, name)


def _needed(effect: Effect | None) -> Effect:
    """Return the effect a class rests on; without it the class would be wrong."""
    if effect is None:
        msg = "this class rests on an effect that is missing"
        raise ValueError(msg)
    return effect


def _after_bad(effect: Effect, name: str, within: str) -> str:
    return _("Whoever has a bad experience at “%(name)s” leaves %(points)s more often %(within)s.") % {
        "name": name,
        "points": figures.percentage_points(effect.low, effect.high),
        "within": within,
    }


def is_proven_gain(effect: Effect | None, margin: float) -> bool:
    """Tell whether an effect is shown to be above zero and large enough to matter."""
    return effect is not None and effect.low > 0 and effect.q <= SIGNIFICANT and effect.estimate >= margin


def _advances(moment: Moment, margin: float, name: str, within: str) -> str:
    if is_proven_gain(moment.good_on_moving_on, margin):
        effect = _needed(moment.good_on_moving_on)
        text = _("Whoever has a good experience at “%(name)s” moves on %(points)s more often %(within)s.")
    else:
        effect = _needed(moment.touch_on_moving_on)
        text = _("Whoever meets “%(name)s” moves on %(points)s more often %(within)s.")
    points = figures.percentage_points(effect.low, effect.high)
    return text % {"name": name, "points": points, "within": within}


def _delights(moment: Moment, name: str, within: str) -> str:
    effect = _needed(moment.good_on_moving_on)
    text = _(
        "Whoever has a good experience at “%(name)s” moves on %(points)s more often %(within)s; "
        "a bad one demonstrably drives hardly anyone away."
    )
    points = figures.percentage_points(effect.low, effect.high)
    return text % {"name": name, "points": points, "within": within}


def _harmless(moment: Moment, name: str) -> str:
    effect = _needed(moment.bad_on_leaving)
    text = _(
        "“%(name)s” annoys but does no harm: %(bad)s of the rated touches were bad, and yet people leave "
        "at most %(points)s more often afterwards."
    )
    if effect.high <= 0:
        text = _(
            "“%(name)s” annoys but does no harm: %(bad)s of the rated touches were bad, and yet people do "
            "not leave more often afterwards."
        )
    bad = figures.percent(moment.bad / moment.rated) if moment.rated else figures.count(moment.bad)
    exponent = figures.percent_exponent(effect.low, effect.high)
    most = _rounded_up(effect.high, exponent)
    points = figures.percentage_points(most, most, exponent)
    return text % {"name": name, "bad": bad, "points": points}


def _rounded_up(value: float, exponent: int) -> float:
    """Round an upper bound so that "at most" stays true of the shown figure."""
    step = 10.0 ** (exponent - 2)
    shown = round(value / step) * step
    return shown if shown >= value - 1e-12 else shown + step


def _costs(effect: Effect, name: str, within: str) -> str:
    text = _(
        "Whoever is met by “%(name)s” leaves %(points)s more often %(within)s: "
        "the contact itself costs customers."
    )
    points = figures.percentage_points(effect.low, effect.high)
    return text % {"name": name, "points": points, "within": within}


def _unproven(moment: Moment, insight: MomentsInsight, name: str) -> str:
    found = _("What “%(name)s” does is not proven yet: %(reason)s") % {
        "name": name,
        "reason": unproven_reason(moment, insight),
    }
    needed = touches_needed(moment)
    return f"{found} {needed}" if needed else found


def unproven_reason(moment: Moment, insight: MomentsInsight) -> str:  # noqa: PLR0911 - one reason each
    """Say why the data cannot decide."""
    effect = telling_effect(moment)
    if moment.touches == 0:
        return _("no touch is old enough for its outcome to be known.")
    if is_proven_gain(moment.touch_on_leaving, insight.margin) and moment.started_by is not StartedBy.COMPANY:
        return _not_blamed(moment)
    if effect is None and moment.rated == 0:
        return _("nobody has rated it, and there are too few like situations to compare it with.")
    if effect is None:
        return _("there are too few like situations to compare it with.")
    if effect.outside_support > MUCH_OUTSIDE:
        return _("%(share)s of its touches have no like situation to compare with.") % {
            "share": figures.percent(effect.outside_support)
        }
    if effect.low <= 0 <= effect.high:
        return _undecided(effect, moment)
    if abs(effect.estimate) < insight.margin:
        return _("the effect is smaller than the %(margin)s that count as material here.") % {
            "margin": figures.exact_points(insight.margin)
        }
    if effect.estimate < 0:
        return _("the effect points the other way than one would fear or hope.")
    return _("among so many touchpoints a difference like this may well be chance.")


def _not_blamed(moment: Moment) -> str:
    """Say why leaving that follows a touch is not blamed on it: see decision 0007."""
    if moment.started_by is StartedBy.CUSTOMER:
        return _(
            "customers do leave more often after it, but they start it themselves, so it may go with leaving "
            "without causing it."
        )
    return _(
        "customers do leave more often after it, but the plan does not say that the company starts it, so it "
        "may go with leaving without causing it."
    )


def _undecided(effect: Effect, moment: Moment) -> str:
    on_leaving = effect in (moment.bad_on_leaving, moment.touch_on_leaving)
    exponent = figures.percent_exponent(effect.low, effect.high)
    values = {
        "fewer": figures.number(-effect.low * 100, exponent),
        "more": figures.percentage_points(effect.high, effect.high, exponent),
    }
    if on_leaving:
        return _("anything from %(fewer)s less to %(more)s more leaving is possible.") % values
    return _("anything from %(fewer)s less to %(more)s more moving on is possible.") % values


def telling_effect(moment: Moment) -> Effect | None:
    """Return the effect that decides about a touchpoint where nothing is proven, as the analysis chose it."""
    blamable = moment.touch_on_leaving if moment.started_by is StartedBy.COMPANY else None
    known = (moment.bad_on_leaving, moment.good_on_moving_on, blamable, moment.touch_on_moving_on)
    return next((effect for effect in known if effect is not None), None)


def touches_needed(moment: Moment) -> str:
    """Say how much more would decide; empty where nobody can tell.

    The analysis counts further touches like those judged. Where these are bad or good experiences, as many
    more ratings are needed as it takes to see that many of them.
    """
    missing = moment.touches_needed
    if not missing or missing < 0:
        return ""
    effect = telling_effect(moment)
    seen = moment.bad if effect is moment.bad_on_leaving else moment.good
    if effect is not None and effect in (moment.bad_on_leaving, moment.good_on_moving_on) and seen:
        n = _rounded_count(-(-missing * moment.rated // seen))
        text = ngettext("About %(n)s more rating is needed.", "About %(n)s more ratings are needed.", n)
    else:
        n = _rounded_count(missing)
        text = ngettext("About %(n)s more touch is needed.", "About %(n)s more touches are needed.", n)
    return text % {"n": figures.count(n)}


def _rounded_count(value: int) -> int:
    """Round up to two digits: a guess of 1,437 is no better than 1,500."""
    step = int(10 ** max(0, len(str(value)) - 2))
    return -(-value // step) * step


def size_sentence(moment: Moment, currency: str | None) -> str:
    """Say how many persons and how much value a quarter costs or wins here; empty where unknown."""
    lost, won, value = (
        moment.lost_persons_per_quarter,
        moment.won_persons_per_quarter,
        moment.lost_value_per_quarter,
    )
    if lost is not None and moment.moment_class in (MomentClass.BREAKS, MomentClass.ANNOYS_COSTS):
        if value is None:
            return _("That is %(persons)s lost customers per quarter.") % {
                "persons": figures.size_range(lost)
            }
        text = _("That is %(persons)s lost customers per quarter, worth %(value)s.")
        return text % {"persons": figures.size_range(lost), "value": figures.money_range(value, currency)}
    if won is not None and moment.moment_class in (MomentClass.ADVANCES, MomentClass.DELIGHTS):
        return _("That is %(persons)s customers per quarter who move on because of it.") % {
            "persons": figures.size_range(won)
        }
    return ""
