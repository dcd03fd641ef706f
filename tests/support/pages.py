"""What stands on a page."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client


def text_of(reader: Client, address: str) -> str:
    """Return a page that has to be there, with its characters as people read them."""
    answer = reader.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def words_of(reader: Client, address: str) -> str:
    """Return the words of a page that has to be there, without its tags, one blank between them."""
    return " ".join(re.sub(r"<[^>]*>", " ", text_of(reader, address)).split())


def based_on(page: str) -> str:
    """Return the version the form of a page was made from."""
    return re.search(r'name="based_on" value="(\d+)"', page).group(1)
