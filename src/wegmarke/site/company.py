"""Whose site this is: the name of the plan, which every page shows beside the product's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from wegmarke.plan import queries
from wegmarke.plan.rules import is_named

if TYPE_CHECKING:
    from django.http import HttpRequest


def company(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - as every context processor
    """Give templates `company`, asked for only by pages that show it and do not know it themselves."""
    return {"company": _name}


def _name() -> str:
    saved = queries.current()
    if saved is None or not is_named(saved.plan):
        return ""
    return saved.plan.name.in_language(get_language() or "en")
