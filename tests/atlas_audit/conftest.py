"""Fixtures of this part: a stored analysis, and people of every role."""

from support.audited import _nothing_remembered, enter, store

__all__ = ["_nothing_remembered", "enter", "store"]
