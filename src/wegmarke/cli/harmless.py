"""Names come from files: what steers a terminal must not reach one."""

from __future__ import annotations

import re

_STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return text without control characters (line breaks stay) and without marks that turn its direction."""
    return _STEERING.sub("", text)


def spelled_out(text: str) -> str:
    """Return JSON with such characters, met in its texts only, spelled out by number; nothing is lost."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
