"""Decisions about evidence: what is wrong with a statement, and who may keep it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wegmarke.plan.findings import Finding, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from wegmarke.plan.evidence.contracts import Statement

LONGEST_TEXT = 20_000
LONGEST_SOURCE = 500
LONGEST_LINK = 2000
WEB = ("http", "https")


def findings_of(statement: Statement, *, known: Collection[str], today: date) -> tuple[Finding, ...]:
    """Return what is wrong; `known` are the keys of touchpoints it may name."""
    return tuple(_findings(statement, known, today))


def _findings(statement: Statement, known: Collection[str], today: date) -> Iterator[Finding]:
    if not statement.text.strip():
        yield Finding("text", gettext_noop("The text is missing."))
    lengths = {"text": LONGEST_TEXT, "source": LONGEST_SOURCE, "link": LONGEST_LINK}
    for name, most in lengths.items():
        if len(getattr(statement, name)) > most:
            yield Finding(name, gettext_noop("At most %(most)d characters."), {"most": most})
    if statement.link and not is_web_address(statement.link):
        yield Finding("link", gettext_noop("A link starts with http:// or https://."))
    if statement.day is not None and statement.day > today:
        yield Finding("day", gettext_noop("This day is still to come."))
    for at, key in enumerate(statement.touchpoints):
        if key not in known:
            problem = gettext_noop("There is no touchpoint “%(key)s” in the plan.")
            yield Finding(f"touchpoints[{at}]", problem, {"key": key})


def is_web_address(link: str) -> bool:
    """Say whether a link leads into the web: anything else (javascript:, file:, data:) is refused."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    plain = not any(c.isspace() or not c.isprintable() for c in link)
    return plain and parts.scheme in WEB and bool(parts.hostname)
