"""What else in the plan names a touchpoint, so that it cannot simply be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wegmarke.atlas.pages import Here


def references_to(key: str, at: Here) -> tuple[str, ...]:
    """Return in words everything that names a touchpoint."""
    return tuple(_references(key, at))


def _references(key: str, at: Here) -> Iterator[str]:
    plan = at.plan
    for funnel in plan.funnels:
        if key in funnel.steps:
            yield _("the funnel “%(name)s”") % {"name": at.said(funnel.name) or funnel.key}
    for goal in plan.goals:
        if key in goal.touchpoints:
            yield _("the goal “%(name)s”") % {"name": at.said(goal.name) or goal.key}
    if plan.leaving is not None and key in plan.leaving.touchpoints:
        yield _("what leaving is")
    if key in plan.moving_on:
        yield _("what moving on is")
    for journey in plan.journeys:
        for phase in journey.phases:
            if key in phase.entered_by:
                yield _("the phase “%(name)s”, which begins with it") % {
                    "name": at.said(phase.name) or phase.key
                }
