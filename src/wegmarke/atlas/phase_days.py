"""The days of a phase in words: its end is the first day that belongs to it no more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.ui import numbers

if TYPE_CHECKING:
    from typing import Any


def days(begins: float | None, ends: float | None) -> str:
    """Say which days a phase covers: whole days by the last of them, others as they were typed."""
    if begins is None:
        return "" if ends is None else _("before day %(day)s") % {"day": _day(ends)}
    if ends is None:
        return _("from day %(day)s") % {"day": _day(begins)}
    if begins % 1 == 0 and ends % 1 == 0:
        ends -= 1
        if ends == begins:
            return _("day %(day)s") % {"day": _day(begins)}
    return _("day %(from)s to %(to)s") % {"from": _day(begins), "to": _day(ends)}


def _day(day: float) -> str:
    exponent: Any = Decimal(str(day)).normalize().as_tuple().exponent
    return numbers.number(day, max(0, -exponent))
