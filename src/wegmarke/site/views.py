"""Pages that belong to no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import wegmarke

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """Answer that the web process lives, and which version it is; nothing else may be read without log-in."""
    return JsonResponse({"version": wegmarke.__version__})
