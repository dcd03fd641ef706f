"""What groups of persons are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wegmarke.analysis.grouping import REST


def group_name(group: str) -> str:
    """Return the value that makes a group; the rare ones together and the unknown have names of their own."""
    if group == REST:
        return _("all others")
    return group or _("unknown")
