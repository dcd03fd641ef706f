"""What a person can mend before asking again."""

from __future__ import annotations


class RequestError(ValueError):
    """A request that contradicts itself or the data; the message says how to mend it."""
