"""Fixtures of the cards."""

from support.readers import log_in, nothing_remembered, store

__all__ = ["log_in", "nothing_remembered", "store"]
