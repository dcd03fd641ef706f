"""Roles and changes of accounts in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from wegmarke.team.contracts import Role

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.team.contracts import AccountChange

NOTHING = "\N{EN DASH}"
ALLOWS = {
    Role.VIEWER: _("Reads everything, and edits the touchpoints they are named as owner of."),
    Role.EDITOR: _("Reads everything, edits the whole plan and imports data."),
    Role.OFFICER: _(
        "Reads everything, data of persons as well; decides who is who, grants access, erases, "
        "sets retention."
    ),
    Role.ADMIN: _("Does everything the others do, and manages accounts."),
}
FIELDS = {
    "role": _("Role"),
    "department": _("Department"),
    "display_name": _("Display name"),
    "email": _("Mail address"),
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One entry of the history as people read it; `details` is one line per field."""

    at: datetime
    by: str
    account: str
    what: str
    details: tuple[str, ...]


def told(change: AccountChange) -> ToldChange:
    """Return a change in the words of the reader."""
    return ToldChange(
        at=change.at,
        by=change.by or pgettext("who did it", "the system"),
        account=change.account,
        what=str(change.kind.label),
        details=tuple(_details(change)),
    )


def _details(change: AccountChange) -> list[str]:
    lines = []
    for field, label in FIELDS.items():
        if field not in change.after:
            continue
        values = {"field": label, "after": _value(field, change.after[field])}
        if field in change.before:
            values["before"] = _value(field, change.before[field])
            lines.append(gettext("%(field)s: %(before)s → %(after)s") % values)
        elif change.after[field]:
            lines.append(gettext("%(field)s: %(after)s") % values)
    return lines


def _value(field: str, value: str) -> str:
    if field == "role" and value in Role:
        return str(Role(value).label)
    return value or NOTHING
