"""The tables of moments: the ranking, and the evidence of one touchpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.insights import evidence, figures
from wegmarke.insights.tables import NOTHING, Cell, Column, Row, Table, text
from wegmarke.insights.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from wegmarke.analysis.insight import Effect, Estimate, Moment, MomentsInsight, StratumEvidence
    from wegmarke.insights.names import Names


def moments(
    insight: MomentsInsight, names: Names, currency: str | None, link: Callable[[str], str] = lambda _key: ""
) -> Table:
    """Return all touchpoints with class, effects and size, in the order of what matters."""
    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("class", _("Class")),
        Column("touches", _("Touches"), number=True),
        Column("bad", _("Bad"), number=True, aside=True),
        Column("bad_leaving", _("Bad → leaving (points)"), number=True, interval=True),
        Column("lost", _("Lost persons per quarter"), number=True, interval=True),
        Column("value", _value_title(currency), number=True, interval=True),
        Column("good_moving_on", _("Good → moving on (points)"), number=True, interval=True),
        Column("won", _("Won persons per quarter"), number=True, interval=True),
        Column("cumulated", _("Cumulated share"), number=True, aside=True),
        Column("touch_leaving", _("Touch → leaving (points)"), number=True, interval=True, aside=True),
        Column("touch_moving_on", _("Touch → moving on (points)"), number=True, interval=True, aside=True),
    )
    rows = tuple(
        Row(_moment(m, names.touchpoint(m.touchpoint), currency, link(m.touchpoint))) for m in insight.moments
    )
    return Table("moments", _("Moments that matter"), columns, rows)


def _value_title(currency: str | None) -> str:
    if currency:
        return _("Lost value per quarter (%(currency)s)") % {"currency": currency}
    return _("Lost value per quarter")


def _moment(moment: Moment, name: str, currency: str | None, url: str) -> tuple[Cell, ...]:
    words = CLASSES[moment.moment_class]
    return (
        text(name, url),
        Cell(str(words.name), str(words.name), badge=words),
        Cell(figures.count(moment.touches), moment.touches),
        Cell(figures.count(moment.bad), moment.bad),
        points(moment.bad_on_leaving),
        _estimate(moment.lost_persons_per_quarter, figures.size),
        _estimate(moment.lost_value_per_quarter, lambda value: figures.money(value, currency)),
        points(moment.good_on_moving_on),
        _estimate(moment.won_persons_per_quarter, figures.size),
        _cumulated(moment.cumulated_share),
        points(moment.touch_on_leaving),
        points(moment.touch_on_moving_on),
    )


def _cumulated(share: float | None) -> Cell:
    return NOTHING if share is None else Cell(figures.percent(share), share)


def points(effect: Effect | None) -> Cell:
    """Return an effect as a cell in percentage points."""
    if effect is None:
        return NOTHING
    return Cell(figures.points(effect), effect.estimate * 100, effect.low * 100, effect.high * 100)


def _estimate(value: Estimate | None, show: Callable[[Estimate], str]) -> Cell:
    return NOTHING if value is None else Cell(show(value), value.estimate, value.low, value.high)


def effects(moment: Moment) -> Table:
    """Return the effects of one touchpoint: adjusted with interval, crude, rates, support and numbers."""
    columns = (
        Column("effect", _("Effect")),
        Column("adjusted", _("Like situations compared (points)"), number=True, interval=True),
        Column("crude", _("Plain comparison (points)"), number=True),
        Column("with", _("Rate with"), number=True),
        Column("without", _("Rate without"), number=True),
        Column("touches", _("Touches judged"), number=True),
        Column("persons", _("Persons"), number=True),
        Column("outside", _("Without a like situation"), number=True),
        Column("q", _("q (of many tests)"), number=True),
    )
    return Table(
        "effects",
        _("Effects"),
        columns,
        tuple(Row(_effect(e.title, e.effect)) for e in evidence.effects(moment)),
    )


def _effect(title: str, effect: Effect) -> tuple[Cell, ...]:
    exponent = figures.percent_exponent(effect.low, effect.high)
    return (
        text(title),
        points(effect),
        Cell(figures.signed(effect.crude * 100, exponent), effect.crude * 100),
        Cell(figures.percent(effect.treated_rate, exponent), effect.treated_rate),
        Cell(figures.percent(effect.control_rate, exponent), effect.control_rate),
        Cell(figures.count(effect.n), effect.n),
        Cell(figures.count(effect.persons), effect.persons),
        Cell(figures.percent(effect.outside_support), effect.outside_support),
        Cell(figures.q_value(effect.q), effect.q),
    )


def strata(moment: Moment, insight: MomentsInsight, names: Names) -> Table:
    """Return the groups of like situations of one touchpoint: who left after bad and after not bad."""
    columns = (
        Column("situation", _("Situation just before")),
        Column("bad", _("Bad"), number=True),
        Column("bad_left", _("left after it"), number=True),
        Column("not_bad", _("Not bad"), number=True),
        Column("not_bad_left", _("left after it"), number=True),
        Column("difference", _("Difference (points)"), number=True),
    )
    shared = set(shared_situation(moment, insight, names))
    ordered = sorted(moment.evidence, key=lambda s: (-s.bad, -s.not_bad, s.situation))
    rows = []
    for stratum in ordered:
        own = [t for t in evidence.situation(insight, stratum.situation, names) if t not in shared]
        rows.append(Row(_stratum(stratum, " · ".join(own) or _("all situations"))))
    return Table("strata", _("Like situations"), columns, tuple(rows))


def shared_situation(moment: Moment, insight: MomentsInsight, names: Names) -> tuple[str, ...]:
    """Return what all groups have in common, so that their rows can say only what tells them apart."""
    said = [evidence.situation(insight, stratum.situation, names) for stratum in moment.evidence]
    if len(said) < 2:  # noqa: PLR2004 - one group has nothing to share with
        return ()
    return tuple(text for text in said[0] if all(text in other for other in said))


def _stratum(stratum: StratumEvidence, words: str) -> tuple[Cell, ...]:
    bad, not_bad = _rate(stratum.bad_left, stratum.bad), _rate(stratum.not_bad_left, stratum.not_bad)
    difference = None if bad is None or not_bad is None else (bad - not_bad) * 100
    return (
        text(words),
        Cell(figures.count(stratum.bad), stratum.bad),
        _share(stratum.bad_left, bad),
        Cell(figures.count(stratum.not_bad), stratum.not_bad),
        _share(stratum.not_bad_left, not_bad),
        NOTHING if difference is None else Cell(figures.signed(difference), difference),
    )


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _share(part: int, rate: float | None) -> Cell:
    return NOTHING if rate is None else Cell(f"{figures.count(part)} ({figures.percent(rate)})", part)
