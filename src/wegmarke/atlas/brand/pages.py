"""What stands on the page of the brand: consistency and promises in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wegmarke.atlas import links, segments
from wegmarke.atlas.brand.charting import range_of
from wegmarke.atlas.brand.rules import Kept, kept, rated
from wegmarke.insights import figures
from wegmarke.insights.links import with_query
from wegmarke.insights.tables import NOTHING, Cell, Column, Row, Table, text
from wegmarke.insights.words import ClassWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

    from wegmarke.analysis.insight import Estimate
    from wegmarke.analysis.map_insight import Difference, SpreadCell, SpreadGroup, SpreadInsight
    from wegmarke.atlas.brand.rules import Keeping
    from wegmarke.atlas.pages import Here
    from wegmarke.insights.names import Names

MOST_NAMED = 5

KEPT: Mapping[Kept, ClassWords] = {
    Kept.NOT: ClassWords(gettext_lazy("worse than the others"), "▼", "bad", ""),
    Kept.AS_OTHERS: ClassWords(gettext_lazy("like the others"), "=", "quiet", ""),
    Kept.BETTER: ClassWords(gettext_lazy("better than the others"), "▲", "good", ""),
    Kept.UNKNOWN: ClassWords(gettext_lazy("too few ratings"), "?", "unknown", ""),
}


def group_name(group: str, attribute: str | None) -> str:
    """Return what a group of persons is called."""
    if attribute is None:
        return _("all customers")
    return f"{attribute}: {segments.group_name(group)}"


def lead(group: SpreadGroup | None, insight: SpreadInsight, cells: dict[str, SpreadCell]) -> str:
    """Say how consistent the experience is over the touchpoints."""
    if group is None or group.spread is None:
        return _(
            "Too few touchpoints are rated to tell whether the experience is consistent: each needs at least "
            "%(n)s raters, and there must be two of them."
        ) % {"n": figures.count(insight.least_raters)}
    worse = sum(one.inconsistent and _difference(one) < 0 for one in cells.values())
    better = sum(one.inconsistent and _difference(one) > 0 for one in cells.values())
    return _(
        "From touchpoint to touchpoint net experience differs by %(spread)s points (standard deviation, "
        "interval %(interval)s) over %(n)s rated touchpoints: %(worse)s demonstrably fall behind the others, "
        "%(better)s stand out."
    ) % {
        "spread": points(group.spread.estimate, group.spread),
        "interval": plain_range(group.spread),
        "n": figures.count(group.compared),
        "worse": figures.count(worse),
        "better": figures.count(better),
    }


def points(value: float, around: Estimate) -> str:
    """Say a figure in points without a sign."""
    return figures.number(value * 100, figures.percent_exponent(around.low, around.high))


def plain_range(value: Estimate) -> str:
    """Say an interval in points without signs."""
    return figures.to(points(value.low, value), points(value.high, value))


def _difference(cell: SpreadCell) -> float:
    return 0.0 if cell.difference is None else cell.difference.estimate


def named(cells: dict[str, SpreadCell], names: Names) -> list[SafeString]:
    """Name the touchpoints that fall behind, the worst first, each in a sentence with its interval."""
    behind = sorted(
        (one for one in cells.values() if one.inconsistent and _difference(one) < 0), key=_difference
    )
    said = []
    for one in behind[:MOST_NAMED]:
        name = names.touchpoint(one.touchpoint)
        said.append(links.in_sentence(_behind(name, one.difference), {one.touchpoint: name}))
    return said


def _behind(name: str, difference: Difference | None) -> str:
    if difference is None:
        return ""
    exponent = figures.percent_exponent(difference.low, difference.high)
    low, high = (figures.number(-end * 100, exponent) for end in (difference.high, difference.low))
    return _("“%(name)s” is lived through %(points)s points worse than the average of the others.") % {
        "name": name,
        "points": figures.to(low, high),
    }


@dataclass(frozen=True, slots=True)
class ShownKeeping:
    """One promise as the page shows it."""

    key: str
    name: str
    about: str
    sentence: str
    touchpoints: tuple[tuple[str, str, ClassWords], ...]
    url: str


def keeping(one: Keeping, at: Here, names: Names) -> ShownKeeping:
    """Say how a promise is kept."""
    name = at.said(one.promise.name) or one.promise.key
    return ShownKeeping(
        key=one.promise.key,
        name=name,
        about=at.said(one.promise.about),
        sentence=_kept(one),
        touchpoints=tuple(
            (names.touchpoint(key), links.card(key), KEPT[standing]) for key, standing in one.kept
        ),
        url=reverse("atlas:brand-promise", args=[one.promise.key]) if at.may_edit else "",
    )


def _kept(one: Keeping) -> str:
    if not one.touchpoints:
        return _("No touchpoint has to keep it yet: tick below which do.")
    if one.theirs is None or one.rest is None or one.more is None:
        return _("Too few of its touchpoints are rated to compare them with the others.")
    said = {
        "theirs": figures.net(one.theirs),
        "rest": figures.net(one.rest),
        "more": range_of(one.more),
    }
    first = _of_all(one, said) if one.compared == len(one.touchpoints) else _of_some(one, said)
    if one.more.high < 0:
        second = _("They demonstrably fall behind (difference %(more)s).") % said
    elif one.more.low > 0:
        second = _("They demonstrably stand out (difference %(more)s).") % said
    else:
        second = _("A difference is not proven (%(more)s).") % said
    return f"{first} {second}"


def _of_all(one: Keeping, said: Mapping[str, str]) -> str:
    return ngettext(
        "Its touchpoint is at %(theirs)s points on average, the others are at %(rest)s.",
        "Its %(n)s touchpoints are at %(theirs)s points on average, the others are at %(rest)s.",
        one.compared,
    ) % {**said, "n": figures.count(one.compared)}


def _of_some(one: Keeping, said: Mapping[str, str]) -> str:
    """Say how many of its touchpoints are rated often enough: the average is theirs alone."""
    return ngettext(
        "Of its %(all)s touchpoints %(n)s is rated often enough to be compared: it is at %(theirs)s points, "
        "the others are at %(rest)s on average.",
        "Of its %(all)s touchpoints %(n)s are rated often enough to be compared: they are at %(theirs)s "
        "points on average, the others are at %(rest)s.",
        one.compared,
    ) % {**said, "n": figures.count(one.compared), "all": figures.count(len(one.touchpoints))}


def tabs(at: Here, attribute: str) -> list[tuple[str, str, bool]]:
    """Return the ways to look: everybody, or by one attribute of persons."""
    spread = {} if at.stored is None else at.stored.analysis.spread
    path = reverse("atlas:brand")
    return [
        (name or _("all customers"), with_query(path, {"by": name}), name == attribute) for name in spread
    ]


def groups_table(insight: SpreadInsight, attribute: str) -> Table:
    """Return the groups with their experience and how consistent it is."""
    inconsistent = {group.group: 0 for group in insight.groups}
    for cell in insight.inconsistent:
        inconsistent[cell.group] = inconsistent.get(cell.group, 0) + 1
    rows = tuple(
        Row(
            (
                text(
                    group_name(one.group, insight.attribute),
                    with_query(reverse("atlas:brand"), {"by": attribute, "group": one.group}),
                ),
                Cell(figures.count(one.persons), one.persons),
                _net(one.experience),
                NOTHING if one.spread is None else _plain(one.spread),
                Cell(figures.count(one.compared), one.compared),
                Cell(figures.count(inconsistent[one.group]), inconsistent[one.group]),
            )
        )
        for one in insight.groups
    )
    columns = (
        Column("group", _("Customers")),
        Column("persons", _("Persons"), number=True),
        Column("experience", _("Net experience"), number=True, interval=True),
        Column("spread", _("Spread in points"), number=True, interval=True),
        Column("compared", _("Touchpoints compared"), number=True),
        Column("inconsistent", _("Of them inconsistent"), number=True),
    )
    return Table("groups", _("Consistency by group"), columns, rows)


def _net(value: Estimate | None) -> Cell:
    if value is None:
        return NOTHING
    return Cell(figures.net_in_brief(value), value.estimate, value.low, value.high)


def _plain(value: Estimate) -> Cell:
    shown = _("%(estimate)s (%(interval)s)") % {
        "estimate": points(value.estimate, value),
        "interval": plain_range(value),
    }
    return Cell(shown, value.estimate, value.low, value.high)


def touchpoints_table(cells: dict[str, SpreadCell], names: Names) -> Table:
    """Return the touchpoints as one group lives through them, the largest differences first."""

    def worded(one: SpreadCell) -> tuple[Cell, ...]:
        words = KEPT[kept(one)]
        return (
            text(names.touchpoint(one.touchpoint), links.card(one.touchpoint)),
            Cell(str(words.name), str(words.name), badge=words),
            _net(one.experience),
            _signed(one.difference),
            Cell(figures.count(rated(one)), rated(one)),
            Cell(figures.count(one.persons), one.persons),
        )

    rows = tuple(Row(partial(worded, one)) for one in sorted(cells.values(), key=_difference))
    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("standing", _("Stands")),
        Column("experience", _("Net experience"), number=True, interval=True),
        Column("difference", _("Against the others, points"), number=True, interval=True),
        Column("rated", _("Rated touches"), number=True),
        Column("persons", _("Persons"), number=True),
    )
    return Table("consistency", _("Experience by touchpoint"), columns, rows)


def _signed(value: Difference | None) -> Cell:
    if value is None:
        return NOTHING
    exponent = figures.percent_exponent(value.low, value.high)
    shown = _("%(estimate)s (%(interval)s)") % {
        "estimate": figures.signed(value.estimate * 100, exponent),
        "interval": figures.to(
            figures.signed(value.low * 100, exponent), figures.signed(value.high * 100, exponent)
        ),
    }
    return Cell(shown, value.estimate, value.low, value.high)
