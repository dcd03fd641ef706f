"""What every page of this room begins with: the plan as it stands, the figures as stored, who is reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import get_language

from wegmarke.insights import queries as insights
from wegmarke.plan import queries as plans
from wegmarke.plan import rights
from wegmarke.plan.rules import FIRST, is_named
from wegmarke.team.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from wegmarke.insights.contracts import Stored
    from wegmarke.plan.contracts import Journey, Plan, Text, Touchpoint

NO_VERSION = 0


@dataclass(frozen=True, slots=True)
class Here:
    """Where a page stands.

    `version` is 0 and `plan` an empty one before there is a plan; `stored` is None before there are figures.
    The figures may be of an earlier plan than `plan`: their touchpoints are those of `stored.analysis.plan`.
    """

    plan: Plan
    version: int
    stored: Stored | None
    user: User | None
    language: str

    @property
    def may_edit(self) -> bool:
        """Whether the reader may change the whole plan."""
        return self.user is not None and rights.may_edit_plan(self.user)

    def may_edit_touchpoint(self, touchpoint: Touchpoint) -> bool:
        """Say whether the reader may change this touchpoint."""
        return self.user is not None and rights.may_edit_touchpoint(self.user, touchpoint)

    def said(self, text: Text) -> str:
        """Return a text in the reader's language."""
        return text.in_language(self.language)

    def journey_name(self, journey: Journey) -> str:
        """Return what a journey model is called; without a name it is called like the plan."""
        return self.said(journey.name) or self.said(self.plan.name) or journey.key


def here(request: HttpRequest) -> Here:
    """Read the plan and the figures for one request."""
    saved = plans.current()
    return Here(
        plan=FIRST if saved is None else saved.plan,
        version=NO_VERSION if saved is None else saved.version,
        stored=insights.latest(),
        user=request.user if isinstance(request.user, User) else None,
        language=get_language() or "en",
    )


def page(
    request: HttpRequest, template: str, at: Here, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of this room; templates find `here` beside their own context."""
    known = {"here": at, "company": at.said(at.plan.name) if is_named(at.plan) else ""}
    return render(request, template, {**known, **context}, status=status)
