"""Pages that belong to no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import wegmarke
from wegmarke.capture.watching import queries as watching

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """Answer that the web process lives, which version it is, and whether an administrator has to look.

    Nothing else may be read without log-in; what is wrong stands on the pages.
    """
    try:
        well = not watching.problems_lately(now=timezone.now())
    except DatabaseError:
        well = False
    return JsonResponse({"version": wegmarke.__version__, "well": well})


@login_not_required
def sent_too_late(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - for developers only
    """Say that a form was refused because its token is missing or old, within the shell."""
    return render(request, "403_csrf.html", status=403)
