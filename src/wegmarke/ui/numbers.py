"""Figures as people read them: locale formats, no more digits than asked for, a true minus sign."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NO-BREAK SPACE}"
NONE = "\N{EN DASH}"


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """Return `value` with `digits` after the point, grouped by thousands; a dash for nothing.

    -0.04 with one digit is 0, without a minus.
    """
    if value is None or not math.isfinite(value):
        return NONE
    rounded = round(float(value), digits)
    text = grouped(abs(rounded), digits)
    return MINUS + text if rounded < 0 else text


def grouped(value: float, digits: int) -> str:
    """Write a number that is rounded already in the active language, its thousands grouped."""
    return _grouped(value, digits, get_language())


@lru_cache(maxsize=20_000)
def _grouped(value: float, digits: int, _language: str | None) -> str:
    """Format a number; a page with hundreds of touchpoints asks for thousands, and most of them again."""
    return formats.number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)


def percent(share: float | None, digits: int = 0) -> str:
    """Return a share of 0 to 1 as per cent: 12 % in German, 12% in English."""
    if share is None or not math.isfinite(share):
        return NONE
    # Translators: a percentage; German sets a space before the sign
    return _("%(number)s%%") % {"number": number(share * 100, digits)}


def points(difference: float | None, digits: int = 1) -> str:
    """Return a difference of two shares in percentage points, always with its sign."""
    if difference is None or not math.isfinite(difference):
        return NONE
    text = number(difference * 100, digits)
    return text if text.startswith(MINUS) or round(difference * 100, digits) == 0 else "+" + text


def weekday(moment: datetime) -> str:
    """Return the day of a moment in the zone of this installation, with the day of the week."""
    # Translators: a day in Django's format characters
    return formats.date_format(
        timezone.localtime(moment), pgettext("format of a day with weekday", "l, j F Y")
    )


def when(moment: datetime | None) -> str:
    """Return day and time of day in the zone of this installation; a dash for nothing."""
    if moment is None:
        return NONE
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    # Translators: day and time in Django's format characters
    return formats.date_format(local, pgettext("format of a moment", "j M Y, H:i"))


def day(of: date | None) -> str:
    """Return a day; a dash for nothing."""
    if of is None:
        return NONE
    # Translators: a day in Django's format characters
    return formats.date_format(of, pgettext("format of a day", "j M Y"))
