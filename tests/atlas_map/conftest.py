"""Fixtures of the journey map."""

from support.readers import log_in
from support.stored import figures, nothing_remembered

__all__ = ["figures", "log_in", "nothing_remembered"]
