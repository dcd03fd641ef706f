"""Say what is wrong, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wegmarke.capture.watching.contracts import Trouble
from wegmarke.ui.numbers import number

if TYPE_CHECKING:
    from wegmarke.capture.watching.contracts import Problem


def in_words(problem: Problem) -> str:
    """Return one problem as a sentence or two."""
    free, reserve = filesizeformat(problem.number), filesizeformat(settings.DISK_RESERVE_BYTES)
    match problem.trouble:
        case Trouble.DISK_FULL:
            return _(
                "No events are taken at present: only %(free)s are left on the disk, and it takes "
                "%(reserve)s. Senders keep their events and come again by themselves. Please make room."
            ) % {"free": free, "reserve": reserve}
        case Trouble.DISK_NEARLY_FULL:
            return _(
                "The disk is nearly full: %(free)s are left. Below %(reserve)s no events are taken. "
                "Please make room."
            ) % {"free": free, "reserve": reserve}
        case Trouble.MISSING:
            return ngettext(
                "%(n)s received event is neither in the record nor anywhere else. "
                "Please look at the log of the worker.",
                "%(n)s received events are neither in the record nor anywhere else. "
                "Please look at the log of the worker.",
                problem.number,
            ) % {"n": number(problem.number)}
        case Trouble.WAITING:
            return _(
                "Events have been waiting for %(n)s minutes to come into the record. Is the worker running?"
            ) % {"n": number(problem.number)}
