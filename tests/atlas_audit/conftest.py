"""Fixtures of this part: a stored analysis, and people of every role."""

from support.readers import log_in
from support.stored import nothing_remembered, store

__all__ = ["log_in", "nothing_remembered", "store"]
