"""The tables of the audit: findings, verdicts and hand-overs, for the page and as files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.atlas import links, verdict_words
from wegmarke.insights import figures
from wegmarke.insights.names import Names
from wegmarke.insights.tables import NOTHING, Cell, Column, Row, Table, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wegmarke.analysis.insight import Estimate
    from wegmarke.atlas.audit.contracts import Ground
    from wegmarke.atlas.audit.handovers import HandOver
    from wegmarke.atlas.audit.pages import ShownFinding
    from wegmarke.atlas.verdicts import Judgement


def findings(shown: Iterable[ShownFinding], names: Names) -> Table:
    """Return the findings as rows, for the files: the page shows them as sentences."""
    rows = tuple(
        Row(
            (
                text(", ".join(names.touchpoint(key) for key in one.finding.touchpoints)),
                text(names.phase(one.finding.phase) if one.finding.phase else ""),
                text(str(one.severity.name)),
                text(str(one.words.name)),
                text(one.sentence),
                text(", ".join(one.departments)),
                text(", ".join(one.owners)),
                text("" if one.accepted is None else one.accepted.reason),
                text("" if one.accepted is None else one.accepted.until.isoformat()),
            )
        )
        for one in shown
    )
    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("phase", _("Phase")),
        Column("severity", _("Severity")),
        Column("kind", _("Finding")),
        Column("sentence", _("In words")),
        Column("department", _("Department")),
        Column("owner", _("Owner")),
        Column("reason", _("Accepted because")),
        Column("until", _("Accepted until")),
    )
    return Table("findings", _("Findings of the audit"), columns, rows)


def verdicts(ground: Ground, verdict: str = "") -> Table:
    """Return the verdicts on all touchpoints, or those with one verdict."""
    names = Names(ground.plan)
    insight = None if ground.analysis is None else ground.analysis.moments
    judged = frozenset() if insight is None else frozenset(one.touchpoint for one in insight.moments)
    order = list(verdict_words.VERDICTS)
    chosen = [one for one in ground.judgements.values() if verdict in ("", one.verdict)]
    chosen.sort(key=lambda one: order.index(one.verdict))

    def worded(one: Judgement) -> tuple[Cell, ...]:
        words = verdict_words.VERDICTS[one.verdict]
        name = names.touchpoint(one.touchpoint)
        url = links.evidence(one.touchpoint, judged)
        return (
            text(name, links.card(one.touchpoint) or url),
            Cell(str(words.name), str(words.name), badge=words),
            text(verdict_words.sentence(one, insight, name)),
            text(str(verdict_words.STRENGTHS[one.strength]) or verdict_words.needed(one)),
            Cell(figures.count(one.seen.touches), one.seen.touches),
            _bad(one),
            text(_("Evidence"), url) if url else NOTHING,
        )

    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("verdict", _("Verdict")),
        Column("sentence", _("In words")),
        Column("strength", _("How sure")),
        Column("touches", _("Touches"), number=True),
        Column("bad", _("Bad"), number=True, interval=True),
        Column("evidence", _("Evidence")),
    )
    return Table("verdicts", _("Verdicts"), columns, tuple(Row(partial(worded, one)) for one in chosen))


def _bad(one: Judgement) -> Cell:
    return NOTHING if one.bad is None else _share(one.bad)


def _share(value: Estimate) -> Cell:
    return Cell(figures.share_in_brief(value), value.estimate, value.low, value.high)


def hand_overs(found: Iterable[HandOver], names: Names) -> Table:
    """Return every hand-over that was compared, the largest difference first."""

    def worded(one: HandOver) -> tuple[Cell, ...]:
        return (
            text(names.touchpoint(one.exit.touchpoint), links.card(one.exit.touchpoint)),
            text(one.exit.department),
            text(one.exit.to),
            Cell(figures.percent(one.exit.crossing), one.exit.crossing),
            Cell(figures.count(one.exit.persons), one.exit.persons),
            _share(one.lost),
            _share(one.within),
            Cell(_points(one.more), one.more.estimate, one.more.low, one.more.high),
            text(_("same phase") if one.alike else _("all phases")),
            Cell(figures.q_value(one.q), one.q),
        )

    columns = (
        Column("touchpoint", _("After")),
        Column("from", _("Department")),
        Column("to", _("Taken over by")),
        Column("crossing", _("Go elsewhere"), number=True),
        Column("persons", _("Persons"), number=True),
        Column("lost", _("Leave right then"), number=True, interval=True),
        Column("within", _("Leave within departments"), number=True, interval=True),
        Column("more", _("Difference in points"), number=True, interval=True),
        Column("against", _("Compared with")),
        Column("q", _("q, corrected for many tests"), number=True, aside=True),
    )
    rows = tuple(Row(partial(worded, one)) for one in found)
    return Table("hand-overs", _("Hand-overs between departments"), columns, rows)


def _points(value: Estimate) -> str:
    exponent = figures.percent_exponent(value.low, value.high)
    low, high = (figures.signed(end * 100, exponent) for end in (value.low, value.high))
    return _("%(estimate)s (%(interval)s)") % {
        "estimate": figures.signed(value.estimate * 100, exponent),
        "interval": figures.to(low, high),
    }
