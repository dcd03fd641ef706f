"""Texts on their way into a spreadsheet: the one place that says what a spreadsheet takes for a formula.

Names come from events, so anyone may have written them. What begins like a formula gets an apostrophe in
front, which spreadsheets show as plain text.
"""

from __future__ import annotations

import re
from typing import Final

# Full-width twins of the signs, and blanks, quotes and invisible marks before them, are passed over by some
# programs; `|` and `%` begin older kinds of calls.
_SIGNS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS: Final = re.compile(rf"[\s\"'\ufeff\u200b]*[{_SIGNS}|%]|[\t\r\n]")
# A spreadsheet of another country splits a line of CSV at another separator, and a cell begins there.
_AFTER_A_SEPARATOR: Final = re.compile(rf"([;,|\t\r\n])([ \"'\ufeff\u200b]*)(?=[{_SIGNS}])")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, whichever separator it splits lines at."""
    inside = _AFTER_A_SEPARATOR.sub(r"\1'\2", text)
    return f"'{inside}" if _BEGINS.match(text) else inside
