"""Fixtures of the journey models."""

from support.atlas import as_role, figures, nothing_remembered

__all__ = ["as_role", "figures", "nothing_remembered"]
