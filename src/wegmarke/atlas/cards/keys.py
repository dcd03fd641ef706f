"""Keys of new touchpoints, made of their names. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LONGEST = 60


def key_of(name: str, taken: Collection[str]) -> str:
    """Return a key that reads like the name and is not taken yet: Über uns becomes ueber_uns."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).casefold().translate(_GERMAN))
    marks_gone = "".join(c for c in plain if not unicodedata.combining(c))
    base = re.sub(r"\W+", "_", marks_gone).strip("_")[:_LONGEST].strip("_") or "touchpoint"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key
