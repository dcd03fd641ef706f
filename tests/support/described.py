"""What a page says about its fields to those who hear it."""

from __future__ import annotations

import re


def undescribed(page: str) -> list[str]:
    """Return the fields marked as wrong whose reason cannot be heard: it is named by no id that exists."""
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    wrong = re.findall(r'<(?:input|select|textarea)\b[^>]*aria-invalid="true"[^>]*>', page)
    assert wrong, "no field is wrong"
    named = {tag: re.search(r'aria-describedby="([^"]*)"', tag) for tag in wrong}
    return [tag for tag, found in named.items() if found is None or not set(found.group(1).split()) <= ids]
