"""Figures as people read them: locale formats, a true minus, no more digits than the interval supports."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from wegmarke.ui.numbers import MINUS, NARROW_SPACE, NONE, grouped

if TYPE_CHECKING:
    from wegmarke.analysis.insight import Effect, Estimate

MOST_DECIMALS = 2
LARGEST_ROUNDING = 6
HOURS = 24
MINUTES = 60
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def worth_showing(low: float, high: float) -> int:
    """Return the exponent of the last digit worth showing, given an interval.

    An interval of 8.2 to 13.1 has a half-width of 2.5, so whole numbers (0) are all it supports; 980 to 1490
    supports hundreds (2); 0.31 to 0.92 one decimal (-1).
    """
    half = (high - low) / 2
    if not math.isfinite(half) or half <= 0:
        return 0
    return min(LARGEST_ROUNDING, max(-MOST_DECIMALS, math.floor(math.log10(half))))


def number(value: float, exponent: int = 0) -> str:
    """Format a number in the active language, rounded to `10 ** exponent`."""
    if not math.isfinite(value):
        return NONE if math.isnan(value) else (MINUS if value < 0 else "") + "∞"
    rounded = round(value, -exponent)
    if rounded == 0:
        rounded = 0.0  # no minus before a zero
    text = grouped(abs(rounded), max(0, -exponent))
    return MINUS + text if rounded < 0 else text


def count(value: float) -> str:
    """Format a whole number with its thousands grouped."""
    return number(value, 0)


def signed(value: float, exponent: int = 0) -> str:
    """Format a number with its sign, plus included."""
    text = number(value, exponent)
    return text if value <= 0 or round(value, -exponent) == 0 else f"+{text}"


def percent(value: float, exponent: int = 0) -> str:
    """Format a share (0.12) as a percentage (12 %)."""
    return pgettext("percentage", "%(number)s%%") % {"number": number(value * 100, exponent)}


def to(low: str, high: str) -> str:
    """Join two ends of an interval; one figure where both read the same."""
    return low if low == high else gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def percent_exponent(low: float, high: float) -> int:
    """Return the digits a percentage may show, given its interval as shares: never rounded to tens."""
    return min(0, worth_showing(low * 100, high * 100))


def share(value: Estimate) -> str:
    """Format a share with its interval: 12 % (10 to 14 %)."""
    exponent = percent_exponent(value.low, value.high)
    inside = to(number(value.low * 100, exponent), number(value.high * 100, exponent))
    return gettext("%(estimate)s (%(interval)s)") % {
        "estimate": percent(value.estimate, exponent),
        "interval": pgettext("percentage", "%(number)s%%") % {"number": inside},
    }


def small_share(value: float) -> str:
    """Format a share in whole per cent, a small one with a decimal, so that little is not called nothing."""
    return percent(value, 0 if value == 0 or value >= 0.01 else -1)  # noqa: PLR2004 - one per cent


def share_in_brief(value: Estimate) -> str:
    """Format a share with its interval where there is little room: 12.3 % (10.1-14.5)."""
    exponent = max(-1, percent_exponent(value.low, value.high))
    low, high = number(value.low * 100, exponent), number(value.high * 100, exponent)
    if low == high:
        return percent(value.estimate, exponent)
    inside = f"{low}{NONE}{high}"
    return gettext("%(estimate)s (%(interval)s)") % {
        "estimate": percent(value.estimate, exponent),
        "interval": inside,
    }


def q_value(value: float) -> str:
    """Format a probability corrected for many tests: three decimals, very small ones only as such."""
    return f"< {number(0.001, -3)}" if value < 0.001 else number(value, -3)  # noqa: PLR2004


def net(value: Estimate) -> str:
    """Format a net experience (-1..1) as -100..100 with its sign and interval."""
    exponent = percent_exponent(value.low, value.high)
    return gettext("%(estimate)s (%(interval)s)") % {
        "estimate": signed(value.estimate * 100, exponent),
        "interval": to(signed(value.low * 100, exponent), signed(value.high * 100, exponent)),
    }


def net_in_brief(value: Estimate) -> str:
    """Format a net experience in whole points where there is little room; no interval that reads the same."""
    low, high = signed(value.low * 100), signed(value.high * 100)
    estimate = signed(value.estimate * 100)
    if low == high:
        return estimate
    return gettext("%(estimate)s (%(interval)s)") % {"estimate": estimate, "interval": to(low, high)}


def points(effect: Effect) -> str:
    """Format an effect with its interval in percentage points, signed: +10 (+8 to +13)."""
    exponent = percent_exponent(effect.low, effect.high)
    return gettext("%(estimate)s (%(interval)s)") % {
        "estimate": signed(effect.estimate * 100, exponent),
        "interval": to(signed(effect.low * 100, exponent), signed(effect.high * 100, exponent)),
    }


def percentage_points(low: float, high: float, exponent: int | None = None) -> str:
    """Say an interval of two shares of one sign in words: 8 to 13 percentage points.

    Without an exponent the width of the interval decides on the digits.
    """
    exponent = percent_exponent(low, high) if exponent is None else exponent
    texts = number(low * 100, exponent), number(high * 100, exponent)
    form = 1 if texts[0] == texts[1] == number(1) else 2
    return ngettext("%(range)s percentage point", "%(range)s percentage points", form) % {"range": to(*texts)}


def exact_points(value: float) -> str:
    """Say a parameter in percentage points, with just the digits it was set with."""
    exponent = next(
        (e for e in (0, -1, -2) if math.isclose(round(value * 100, -e), value * 100)), -MOST_DECIMALS
    )
    return percentage_points(value, value, exponent)


def size(value: Estimate) -> str:
    """Format a number of persons with its interval, rounded as the interval allows."""
    exponent = max(0, worth_showing(value.low, value.high))
    return gettext("%(estimate)s (%(interval)s)") % {
        "estimate": number(value.estimate, exponent),
        "interval": to(number(value.low, exponent), number(value.high, exponent)),
    }


def size_range(value: Estimate) -> str:
    """Format only the interval of a number of persons: 90 to 150."""
    exponent = max(0, worth_showing(value.low, value.high))
    return to(number(value.low, exponent), number(value.high, exponent))


def amount(value: float, currency: str | None, exponent: int = 0) -> str:
    """Format an amount of money, or of anything else where the plan names no currency."""
    return _with_symbol(number(value, exponent), currency)


def money(value: Estimate, currency: str | None) -> str:
    """Format an amount with its interval."""
    exponent = max(0, worth_showing(value.low, value.high))
    return gettext("%(estimate)s (%(interval)s)") % {
        "estimate": amount(value.estimate, currency, exponent),
        "interval": money_range(value, currency),
    }


def money_range(value: Estimate, currency: str | None) -> str:
    """Format only the interval of an amount."""
    exponent = max(0, worth_showing(value.low, value.high))
    return _with_symbol(to(number(value.low, exponent), number(value.high, exponent)), currency)


def _with_symbol(text: str, currency: str | None) -> str:
    if not currency:
        return text
    # A symbol stands close, a code like CHF needs room on whichever side the language puts it.
    symbol = SYMBOLS.get(currency, f"{currency}{NARROW_SPACE}")
    shown = pgettext("amount of money", "%(currency)s%(amount)s") % {"amount": text, "currency": symbol}
    return shown.strip()


def ratio(value: Estimate) -> str:
    """Format a ratio with its interval: 2.4 (1.9 to 3.0)."""
    exponent = min(-1, worth_showing(value.low, value.high))
    return gettext("%(estimate)s (%(interval)s)") % {
        "estimate": number(value.estimate, exponent),
        "interval": to(number(value.low, exponent), number(value.high, exponent)),
    }


def moment_of(unix: int) -> datetime:
    """Return Unix seconds as a time in the zone of this installation."""
    return timezone.localtime(datetime.fromtimestamp(unix, tz=UTC))


def day(unix: int) -> str:
    """Format a day: 12 March 2026."""
    # Translators: a day in Django's format characters
    return date_format(moment_of(unix), pgettext("format of a day", "j F Y"))


def month(unix: int) -> str:
    """Format a month, short, for an axis: 03/2026. Months are months of UTC."""
    return date_format(datetime.fromtimestamp(unix, tz=UTC), "m/Y")


def period(start: int, end: int) -> str:
    """Format the days that data cover."""
    return to(day(start), day(end))


def days(value: float) -> str:
    """Say a length of time: 30 days, 6 hours, 30 minutes."""
    number_, unit = _in_units(value)
    texts = {
        "day": ngettext("%(n)s day", "%(n)s days", _plural(number_)),
        "hour": ngettext("%(n)s hour", "%(n)s hours", _plural(number_)),
        "minute": ngettext("%(n)s minute", "%(n)s minutes", _plural(number_)),
    }
    return texts[unit] % {"n": _short(number_)}


def days_after_preposition(value: float) -> str:
    """Say a length of time after a preposition, where German needs another form: within 30 days."""
    number_, unit = _in_units(value)
    n = _plural(number_)
    texts = {
        "day": npgettext("after a preposition", "%(n)s day", "%(n)s days", n),
        "hour": npgettext("after a preposition", "%(n)s hour", "%(n)s hours", n),
        "minute": npgettext("after a preposition", "%(n)s minute", "%(n)s minutes", n),
    }
    return texts[unit] % {"n": _short(number_)}


def within(value: float) -> str:
    """Say a length of time ahead: within the next 30 days."""
    number_, unit = _in_units(value)
    texts = {
        "day": ngettext("within the next day", "within the next %(n)s days", _plural(number_)),
        "hour": ngettext("within the next hour", "within the next %(n)s hours", _plural(number_)),
        "minute": ngettext("within the next minute", "within the next %(n)s minutes", _plural(number_)),
    }
    return texts[unit] % {"n": _short(number_)}


def _in_units(value: float) -> tuple[float, str]:
    if value >= 1:
        return value, "day"
    if value * HOURS >= 1:
        return value * HOURS, "hour"
    return value * HOURS * MINUTES, "minute"


def _plural(value: float) -> int:
    return 1 if value == 1 else 2


def _short(value: float) -> str:
    return number(value, 0 if abs(value - round(value)) < 0.05 else -1)  # noqa: PLR2004 - one decimal is shown
