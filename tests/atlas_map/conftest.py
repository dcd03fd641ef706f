"""Fixtures of the journey map."""

from support.atlas import as_role, figures, nothing_remembered

__all__ = ["as_role", "figures", "nothing_remembered"]
