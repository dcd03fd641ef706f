"""Fixtures of this part: a stored analysis, and people of every role."""

from support.audited import enter, nothing_remembered, store

__all__ = ["enter", "nothing_remembered", "store"]
