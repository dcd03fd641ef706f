"""The fixed words of the findings: classes, their marks, and what each of them means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wegmarke.analysis.insight import MomentClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class ClassWords:
    """How a class is named and marked; the mark says it without colour, `role` picks the colour."""

    name: str | _StrPromise
    mark: str
    role: str
    meaning: str | _StrPromise


CLASSES: Mapping[MomentClass, ClassWords] = {
    MomentClass.BREAKS: ClassWords(
        _("breaks"), "▼", "bad", _("A bad experience here demonstrably drives customers away.")
    ),
    MomentClass.ANNOYS_COSTS: ClassWords(
        _("annoys and costs"),
        "◆",
        "warn",
        _("Being contacted here at all demonstrably drives customers away."),
    ),
    MomentClass.ADVANCES: ClassWords(
        _("advances"), "▲", "good", _("This demonstrably helps customers to move on.")
    ),
    MomentClass.DELIGHTS: ClassWords(
        _("delights"), "★", "accent", _("A good experience helps, a bad one demonstrably does no harm.")
    ),
    MomentClass.ANNOYS_HARMLESS: ClassWords(
        _("annoys, harmless"),
        "○",
        "quiet",
        _("Often bad, and yet demonstrably without consequence for leaving."),
    ),
    MomentClass.UNPROVEN: ClassWords(
        _("unproven"),
        "?",
        "unknown",
        _("The data cannot decide yet; that does not mean that nothing is there."),
    ),
}
