"""Sentences of the pages of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from wegmarke.capture.events.contracts import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

REASONS: Final[Mapping[str, Promise]] = {
    Reason.MALFORMED: _("Not readable: no valid JSON"),
    Reason.WRONG_TYPE: _("A field has the wrong type"),
    Reason.UNKNOWN_TYPE: _("Unknown kind of event"),
    Reason.NOBODY: _("No person: neither userId nor anonymousId"),
    Reason.NO_NAME: _("No name"),
    Reason.TOO_LONG: _("Too long"),
    Reason.TOO_DEEP: _("Nested too deeply"),
    Reason.TIME: _("Impossible time"),
    Reason.OTHER_CONTENT: _("Same message id as an earlier event, other content"),
    Reason.ENDED_THE_WORKER: _("Set aside: reading it stopped the worker"),
}


def reason(code: str) -> Promise | str:
    """Return what a reason means; a code of a later version as it is."""
    return REASONS.get(code, code)
