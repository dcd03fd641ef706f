"""Fixtures of the cards."""

from support.readers import log_in
from support.stored import nothing_remembered, store

__all__ = ["log_in", "nothing_remembered", "store"]
