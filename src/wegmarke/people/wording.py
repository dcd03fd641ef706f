"""Sentences of the pages about who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from wegmarke.people.contracts import Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

WHY: Final[Mapping[Why, Promise]] = {
    Why.SEVERAL_PERSONS: _(
        "Several persons used this visitor's browser, or one person has several ids. Until somebody decides, "
        "the visitor stays a person of its own."
    ),
    Why.HELD_APART: _(
        "An alias or a join says that these are one person, but that would bring together what was separated "
        "by hand. Say that they are not one person, or take back the separation."
    ),
    Why.BOTH_LINKED: _("Both visitors are linked with this person, but they were separated by hand."),
}
