"""What stands on the page of the matrix: cells in words and shades, and the state of its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wegmarke.atlas import channels
from wegmarke.atlas.matrix import rules
from wegmarke.atlas.matrix.contracts import (
    NOWHERE,
    USUAL_LIMIT,
    Across,
    Count,
    Happened,
    State,
    Wanted,
)
from wegmarke.atlas.segments import group_name
from wegmarke.atlas.verdict_words import quoted
from wegmarke.insights import figures
from wegmarke.insights.links import with_query
from wegmarke.insights.words import ClassWords
from wegmarke.ui.numbers import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.atlas.matrix.contracts import Cell, Matrix, Total
    from wegmarke.insights.contracts import Analysis
    from wegmarke.insights.names import Names

SHADES = 5
MOST_LIMIT = 1000.0

STATES: Mapping[State, ClassWords] = {
    State.OVER: ClassWords(gettext_lazy("above the limit"), "▲", "bad", ""),
    State.GAP: ClassWords(gettext_lazy("planned, hardly happening"), "▽", "warn", ""),
    State.UNPLANNED: ClassWords(gettext_lazy("happening, not planned"), "+", "accent", ""),
    State.FINE: ClassWords("", "", "quiet", ""),
    State.EMPTY: ClassWords("", "", "quiet", ""),
}


def query_of(at: Wanted) -> dict[str, str]:
    """Return the address again, without the cell."""
    return {
        "quarter": quarter_slug(at.quarter) if at.quarter else "",
        "across": at.across if at.across is not Across.CHANNEL else "",
        "count": at.count if at.count is not Count.CONTACTS else "",
        "segment": "" if at.segment is None else "=".join(at.segment),
        "limit": "" if at.limit == USUAL_LIMIT else f"{at.limit:g}",
    }


def quarter_slug(start: int) -> str:
    """Return a quarter as it stands in an address: 2026-Q3."""
    at = datetime.fromtimestamp(start, tz=UTC)
    return f"{at.year}-Q{(at.month + 2) // 3}"


def quarter_name(start: int) -> str:
    """Return a quarter as it is read."""
    at = datetime.fromtimestamp(start, tz=UTC)
    # Translators: a quarter of a year
    return _("Q%(quarter)s %(year)s") % {"quarter": (at.month + 2) // 3, "year": at.year}


def wanted(query: Mapping[str, str], analysis: Analysis | None) -> Wanted:
    """Read an address; what makes no sense is as usual: last complete quarter, contacts by channel."""
    quarters = () if analysis is None else rules.quarters_of(analysis.load)
    named = {quarter_slug(start): start for start in quarters}
    across = Across.DEPARTMENT if query.get("across") == Across.DEPARTMENT else Across.CHANNEL
    return Wanted(
        quarter=named.get(query.get("quarter", ""), quarters[0] if quarters else 0),
        across=across,
        count=Count.TOUCHES if query.get("count") == Count.TOUCHES else Count.CONTACTS,
        segment=_segment(query.get("segment", ""), analysis),
        limit=_limit(query.get("limit", "")),
        phase=query.get("phase"),
        row=query.get("row"),
    )


def _segment(asked: str, analysis: Analysis | None) -> tuple[str, str] | None:
    return next((one for one, _name in segments(analysis) if asked and "=".join(one) == asked), None)


def _limit(asked: str) -> float:
    try:
        limit = float(asked.replace(",", "."))
    except ValueError:
        return USUAL_LIMIT
    return limit if 0 < limit <= MOST_LIMIT else USUAL_LIMIT


def segments(analysis: Analysis | None) -> list[tuple[tuple[str, str], str]]:
    """Return what can be chosen: each value of each attribute."""
    found = {} if analysis is None else analysis.load_by
    return [
        ((attribute, group), f"{attribute}: {group_name(group)}")
        for attribute, load in found.items()
        for group in load.groups
    ]


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell in words; `shade` 0 to 5, `url` empty where there is nothing behind it."""

    mean: str
    interval: str
    planned: str
    state: ClassWords
    shade: int
    url: str
    current: bool
    label: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row with its cells and its total."""

    name: str
    cells: tuple[ShownCell, ...]
    total: ShownCell


def row_name(key: str, across: Across) -> str:
    """Return what a row is called."""
    if key != NOWHERE:
        return channels.name_of(key) if across is Across.CHANNEL else key
    return _("Without channel") if across is Across.CHANNEL else _("Without department")


def phase_name(key: str, names: Names) -> str:
    """Return what a phase is called."""
    return names.phase(key or None)


def rows(found: Matrix, names: Names, at: Wanted) -> list[ShownRow]:
    """Return the rows in words."""
    most = max((one.happened.mean for one in found.cells if one.happened is not None), default=0.0)
    return [
        ShownRow(
            name=row_name(row.key, found.across),
            cells=tuple(
                _shown_cell(found.cell(row.key, phase.key), (row.key, phase.key), names, at, most)
                for phase in found.phases
            ),
            total=shown_total(row),
        )
        for row in found.rows
        if row.state is not State.EMPTY
    ]


def empty_rows(found: Matrix) -> str:
    """Name the rows in which nothing is planned and nothing happened."""
    return ", ".join(row_name(row.key, found.across) for row in found.rows if row.state is State.EMPTY)


def _shown_cell(
    cell: Cell | None, place: tuple[str, str], names: Names, at: Wanted, most: float
) -> ShownCell:
    row, phase = place
    happened = None if cell is None else cell.happened
    state = STATES[State.EMPTY if cell is None else cell.state]
    mean = each(happened)
    url = ""
    if cell is not None and cell.touchpoints:
        url = f"{with_query(reverse('atlas:matrix'), {**query_of(at), **_cell_query(row, phase)})}#cell"
    label = f"{row_name(row, at.across)}, {phase_name(phase, names)}: {mean}"
    return ShownCell(
        mean=mean,
        interval=interval(happened),
        planned="" if cell is None or cell.planned is None else planned_text(cell.planned),
        state=state,
        shade=_shade(happened, most),
        url=url,
        current=at.phase == phase and at.row == row,
        label=label,
    )


def _cell_query(row: str, phase: str) -> dict[str, str]:
    return {"phase": phase or "-", "row": row or "-"}


def shown_total(total: Total) -> ShownCell:
    """Return a total in words."""
    return ShownCell(
        mean=each(total.happened),
        interval=interval(total.happened),
        planned="" if total.planned is None else planned_text(total.planned),
        state=STATES[total.state],
        shade=0,
        url="",
        current=False,
        label="",
    )


def _shade(happened: Happened | None, most: float) -> int:
    if happened is None or not happened.mean or not most:
        return 0
    return 1 + min(SHADES - 1, int(happened.mean / most * SHADES))


def each(happened: Happened | None) -> str:
    """Say how often an active customer met it: as many digits as the interval supports, two at most."""
    if happened is None or not happened.mean:
        return NONE
    return figures.number(happened.mean, _digits(happened))


def _digits(happened: Happened) -> int:
    return max(-2, min(-1, figures.worth_showing(happened.low, happened.high)))


def interval(happened: Happened | None) -> str:
    """Say the interval, where there is one."""
    if happened is None or not happened.mean:
        return ""
    digits = _digits(happened)
    low, high = figures.number(happened.low, digits), figures.number(happened.high, digits)
    return low if low == high else f"{low}{NONE}{high}"


def planned_text(planned: float) -> str:
    """Say how often is planned."""
    whole = abs(planned - round(planned)) < 0.05  # noqa: PLR2004 - one decimal is shown
    return figures.number(planned, 0 if whole else -1)


def sentence(found: Matrix, names: Names, at: Wanted) -> str:
    """Say in words how often a customer was met, where most, and against which plan."""
    whole = found.whole.happened
    if whole is None or not whole.mean:
        return _("In this quarter nobody was met here.")
    contacts = found.count is Count.CONTACTS
    who = _("an active customer") if at.segment is None else _("an active customer (%(segment)s)") % {
        "segment": f"{at.segment[0]}: {group_name(at.segment[1])}"
    }  # fmt: skip
    text_ = (
        _("In %(quarter)s the company contacted %(who)s %(mean)s times (%(interval)s).")
        if contacts
        else _("In %(quarter)s %(who)s had %(mean)s touches (%(interval)s).")
    )
    said = [
        text_
        % {
            "quarter": quarter_name(found.quarter),
            "who": who,
            "mean": each(whole),
            "interval": interval(whole) or each(whole),
        }
    ]
    top = max((one for one in found.cells if one.happened), key=_mean, default=None)
    if top is not None and top.happened is not None:
        said.append(
            _("Most of it: %(row)s in the phase “%(phase)s” with %(mean)s.")
            % {
                "row": row_name(top.row, found.across),
                "phase": phase_name(top.phase, names),
                "mean": each(top.happened),
            }
        )
    said.append(_against_plan(found))
    return " ".join(said)


def _mean(cell: Cell) -> float:
    return 0.0 if cell.happened is None else cell.happened.mean


def _against_plan(found: Matrix) -> str:
    if found.whole.planned is None:
        return _("Nothing is planned: no touchpoint says how often a customer is to meet it in a quarter.")
    planned = _("Planned are %(planned)s") % {"planned": planned_text(found.whole.planned)}
    parts = []
    for state, singular, plural in (
        (State.OVER, _("%(n)s cell is above the limit"), _("%(n)s cells are above the limit")),
        (State.GAP, _("in %(n)s cell the plan hardly happens"), _("in %(n)s cells the plan hardly happens")),
        (State.UNPLANNED, _("%(n)s cell is not planned"), _("%(n)s cells are not planned")),
    ):
        count = sum(one.state is state for one in found.cells)
        if count:
            parts.append((singular if count == 1 else plural) % {"n": figures.count(count)})
    return "; ".join((planned, *parts)) + "."


def empty_phases(found: Matrix, names: Names) -> str:
    """Name the phases without any contact, planned or not; empty where there are none."""
    without = [phase_name(one.key, names) for one in found.phases if one.state is State.EMPTY]
    if not without:
        return ""
    contacts = found.count is Count.CONTACTS
    text_ = (
        ngettext(
            "In the phase %(phases)s the company contacts nobody.",
            "In the phases %(phases)s the company contacts nobody.",
            len(without),
        )
        if contacts
        else ngettext(
            "In the phase %(phases)s nothing happens.",
            "In the phases %(phases)s nothing happens.",
            len(without),
        )
    )
    return text_ % {"phases": ", ".join(quoted(name) for name in without)}
