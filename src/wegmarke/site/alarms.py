"""What is wrong with the site, shown to administrators on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from wegmarke.capture.watching import queries, wording
from wegmarke.team.access import administrators

if TYPE_CHECKING:
    from django.http import HttpRequest


def alarms(request: HttpRequest) -> dict[str, Any]:
    """Give templates `alarms`, asked for only by pages that show them."""

    def lately() -> list[str]:
        if not administrators(request):
            return []
        return [wording.in_words(problem) for problem in queries.problems_lately(now=timezone.now())]

    return {"alarms": lately}
