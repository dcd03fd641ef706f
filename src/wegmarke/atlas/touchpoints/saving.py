"""Saving what was put together, in one version; what stands between is asked about again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wegmarke.atlas import links
from wegmarke.plan import queries, services
from wegmarke.plan.findings import PlanError
from wegmarke.plan.rules import FIRST

if TYPE_CHECKING:
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Plan
    from wegmarke.team.models import User


class NotSavedError(Exception):
    """The plan was not saved; the message says why in the words of the reader."""


def save(plan: Plan, *, by: User | None, based_on: int, comment: str) -> int:
    """Save a whole plan and return its version. Raises `NotSavedError`, `NotAllowedError`."""
    try:
        saved = services.save(plan, by=by, now=timezone.now(), comment=comment, based_on=based_on)
    except services.PlanChangedError:
        message = _("Somebody changed the plan at the same moment. Nothing was saved; please look again.")
        raise NotSavedError(message) from None
    except PlanError as error:
        raise NotSavedError(problems_of(error)) from None
    return saved.version


def seal(seen: str, at: Here) -> str:
    """Return what tells one preview from another: what was read, and the plan it was put into."""
    return f"{at.version} {seen}"


def changed_since(sent: str, seen: str, at: Here) -> str:
    """Say that the plan is another one than in the preview sent; empty where it is not, or was none."""
    version, _space, rest = sent.partition(" ")
    if rest != seen or version == str(at.version):
        return ""
    return _("Somebody changed the plan since this was shown. Nothing was saved; please look again.")


def problems_of(error: PlanError, most: int = 5) -> str:
    """Return what is wrong with a plan in one line, the first few of many."""
    said = list(dict.fromkeys(finding.in_words(_) for finding in error.findings))
    more = len(said) - most
    rest = [_("And %(n)d more.") % {"n": more}] if more > 0 else []
    return " ".join([_("Nothing was saved."), *said[:most], *rest])


def undo(version: int, *, by: User | None) -> int:
    """Bring back the plan before a version, where nothing came after it; return the new version.

    Raises `NotSavedError` where something did, `NotAllowedError`.
    """
    newest = queries.current()
    if newest is not None and newest.version == version:
        before = queries.version(version - 1).plan if version > 1 else FIRST
        comment = _("Undone: %(comment)s") % {"comment": newest.comment or version}
        return save(before, by=by, based_on=version, comment=comment)
    later = queries.history(limit=1)
    who = later[0].saved_by if later and later[0].saved_by else _("The system")
    message = _(
        "%(who)s has changed the plan since (version %(version)d). Undoing would take that back as well, so"
        " nothing was done."
    )
    raise NotSavedError(message % {"who": who, "version": later[0].version if later else 0})


def list_after(version: int, query: str = "") -> str:
    """Return the address of the list, filtered as before, that tells of a change and offers to undo it."""
    return f"{reverse(links.TOUCHPOINTS)}?{urlencode([('saved', version), *parse_qsl(query)])}"
