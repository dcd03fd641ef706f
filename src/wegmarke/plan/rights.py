"""Who may change what in the plan. `None` stands for the system: the command line or the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.team.contracts import NotAllowedError, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wegmarke.plan.contracts import Touchpoint
    from wegmarke.team.models import User


def may_edit_plan(by: User | None) -> bool:
    """Say whether an account may change everything in the plan."""
    return by is None or by.has_role(Role.EDITOR)


def may_edit_touchpoint(by: User | None, touchpoint: Touchpoint) -> bool:
    """Say whether an account may change a touchpoint: editors any, its owners their own."""
    return may_edit_plan(by) or (by is not None and by.is_active and is_owner(by, touchpoint))


def is_owner(by: User, touchpoint: Touchpoint) -> bool:
    """Say whether an account is named as an owner; case does not count."""
    name = by.get_username().casefold()
    return any(owner.casefold() == name for owner in touchpoint.owners)


def require_plan(by: User | None) -> None:
    """Raise `NotAllowedError` unless an account may change the plan."""
    if not may_edit_plan(by):
        raise NotAllowedError(_("Your role may read the plan, but not change it."))


def require_rules(by: User | None) -> None:
    """Raise `NotAllowedError` unless an account may change binding rules, or look what they match.

    Owners may not: which events are a touchpoint decides on everybody's figures, and what rules match shows
    events of persons from the whole record.
    """
    if not may_edit_plan(by):
        raise NotAllowedError(_("Only editors may change binding rules and see what they match."))


def require_touchpoints(by: User | None, touchpoints: Iterable[Touchpoint]) -> None:
    """Raise `NotAllowedError` unless an account may change each of these touchpoints."""
    for touchpoint in touchpoints:
        if not may_edit_touchpoint(by, touchpoint):
            raise NotAllowedError(_("Only editors and the owners of a touchpoint may change it."))
