"""The same figures as a table, for the page and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.insights import figures
from wegmarke.insights.tables import NOTHING, Cell, Column, Row, Table, text

if TYPE_CHECKING:
    from wegmarke.analysis.insight import Estimate
    from wegmarke.atlas.journeymap import content


def table_of(journey_map: content.Map) -> Table:
    """Return one row per touchpoint in the order of the map."""
    rows = [_row(column.name, card) for column in journey_map.columns for card in column.cards if card.number]
    return Table("journey-map", _("Touchpoints of the map"), _columns(), tuple(rows))


def _columns() -> tuple[Column, ...]:
    return (
        Column("number", _("No."), number=True),
        Column("name", _("Touchpoint")),
        Column("phase", _("Phase")),
        Column("about", _("Channel and owner")),
        Column("note", _("Remark")),
        Column("happens", _("Happens mostly")),
        Column("touches", _("Touches"), number=True),
        Column("as_planned", _("As planned"), number=True, interval=True),
        Column("persons", _("Persons"), number=True),
        Column("experience", _("Experience"), number=True, interval=True),
        Column("drop_off", _("Drop-off"), number=True, interval=True),
        Column("class", _("Class")),
    )


def _row(phase: str, card: content.Card) -> Row:
    lived, happens = card.lived, card.happens
    return Row(
        (
            Cell(str(card.number), card.number),
            text(card.name, card.url),
            text(phase),
            text(card.about),
            text(card.note),
            text(happens.phase if happens else ""),
            Cell(happens.touches_text, happens.touches) if happens else NOTHING,
            _interval(happens.as_planned, happens.text) if happens and happens.as_planned else NOTHING,
            Cell(lived.persons_text, lived.persons) if lived else NOTHING,
            _interval(lived.experience, figures.net(lived.experience))
            if lived and lived.experience
            else NOTHING,
            _interval(lived.drop_off, figures.share(lived.drop_off)) if lived and lived.drop_off else NOTHING,
            text(card.mark.name if card.mark else ""),
        )
    )


def _interval(value: Estimate, shown: str) -> Cell:
    return Cell(shown, value.estimate, value.low, value.high)
