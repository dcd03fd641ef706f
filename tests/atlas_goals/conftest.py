"""Fixtures of these pages."""

from support.stored import nothing_remembered, reader, store

__all__ = ["nothing_remembered", "reader", "store"]
