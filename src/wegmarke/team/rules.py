"""How what is typed about an account is kept."""

from __future__ import annotations

import unicodedata

# Marks that turn the direction of what follows: a name with them reads as another one.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(text: str) -> str:
    """Return text on one line: composed letters, single spaces, no control characters or turning marks."""
    composed = unicodedata.normalize("NFC", text)
    spaced = (" " if character.isspace() else character for character in composed)
    kept = (c for c in spaced if unicodedata.category(c) != "Cc" and c not in _TURNING)
    return " ".join("".join(kept).split())


def user_name(text: str) -> str:
    """Return a user name as it is kept: trimmed, and letters that look the same are the same (NFKC)."""
    return unicodedata.normalize("NFKC", tidy(text))


def same_name(one: str, other: str) -> bool:
    """Say whether two user names differ at most in upper and lower case."""
    return user_name(one).casefold() == user_name(other).casefold()
