"""The tables of the matrix: the touchpoints behind a cell, and all cells for the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.atlas import channels, links
from wegmarke.atlas.matrix import rules
from wegmarke.atlas.matrix.contracts import Across
from wegmarke.atlas.matrix.pages import STATES, phase_name, planned_text, row_name
from wegmarke.insights import figures
from wegmarke.insights.names import Names
from wegmarke.insights.tables import NOTHING, Column, Row, Table, text
from wegmarke.insights.tables import Cell as TableCell

if TYPE_CHECKING:
    from wegmarke.atlas.matrix.contracts import Cell, Matrix, Wanted
    from wegmarke.insights.contracts import Analysis
    from wegmarke.plan.contracts import Plan


def in_cell(found: Matrix, at: Wanted) -> list[Cell]:
    """Return the cells the address points at: one, or all of a phase."""
    if at.phase is None:
        return []
    phase, row = at.phase.removeprefix("-") if at.phase == "-" else at.phase, at.row
    row = "" if row == "-" else row
    return [one for one in found.cells if one.phase == phase and row in (None, one.row)]


def touchpoints(
    found: Matrix, cells: list[Cell], plan: Plan, analysis: Analysis | None, *, everybody: bool
) -> Table:
    """Return the touchpoints behind cells: planned, and how often they were met in the quarter.

    Touches of single touchpoints are counted for everybody only: a segment has no such columns.
    """
    names = Names(plan)
    touches = {} if analysis is None else rules.touches_in(analysis.monthly, analysis.load, found.quarter)
    active = found.whole.happened.active if found.whole.happened else 0
    made = []
    for key in dict.fromkeys(key for cell in cells for key in cell.touchpoints):
        one = plan.touchpoint(key)
        if one is None:
            continue
        planned = NOTHING
        if one.per_quarter is not None:
            planned = TableCell(planned_text(one.per_quarter), one.per_quarter)
        happened = _happened(touches.get(key, 0), active) if everybody else ()
        made.append(
            Row(
                (
                    text(names.touchpoint(key), links.card(key)),
                    text(channels.name_of(one.channel or "")),
                    text(one.department or ""),
                    planned,
                    *happened,
                )
            )
        )
    columns = [
        Column("touchpoint", _("Touchpoint")),
        Column("channel", _("Channel")),
        Column("department", _("Department")),
        Column("planned", _("Planned per quarter"), number=True),
    ]
    if everybody:
        columns.append(Column("touches", _("Touches in the quarter"), number=True))
        columns.append(Column("each", _("Per active customer"), number=True))
    return Table("cell", _("Touchpoints behind it"), tuple(columns), tuple(made))


def _happened(met: int, active: int) -> tuple[TableCell, TableCell]:
    each = TableCell(figures.number(met / active, -2), met / active) if active else NOTHING
    return TableCell(figures.count(met), met), each


def whole(found: Matrix, names: Names) -> Table:
    """Return all cells as rows, for the files."""
    made = tuple(
        Row(
            (
                text(phase_name(one.phase, names)),
                # As it is written in the plan, so that files can be joined.
                text(one.row or row_name(one.row, found.across)),
                TableCell("", one.planned),
                TableCell(
                    "",
                    None if one.happened is None else one.happened.mean,
                    None if one.happened is None else one.happened.low,
                    None if one.happened is None else one.happened.high,
                ),
                TableCell("", None if one.happened is None else one.happened.active),
                text(str(STATES[one.state].name)),
                text(", ".join(names.touchpoint(key) for key in one.touchpoints)),
            )
        )
        for one in found.cells
    )
    columns = (
        Column("phase", _("Phase")),
        Column("row", _("Channel") if found.across is Across.CHANNEL else _("Department")),
        Column("planned", _("Planned per customer"), number=True),
        Column("happened", _("Happened per active customer"), number=True, interval=True),
        Column("active", _("Active customers"), number=True),
        Column("state", _("Marked")),
        Column("touchpoints", _("Touchpoints")),
    )
    return Table("matrix", _("Matrix"), columns, made)
