"""Fixtures of the insights: a stored analysis without a log behind it, and somebody who looks at it."""

from support.stored import nothing_remembered, reader, store

__all__ = ["nothing_remembered", "reader", "store"]
