"""Addresses that name a number no database can hold: there is nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

MOST: Final = 2**63 - 1


class NumbersThatFitMiddleware:
    """Answers 404 where a database would fail on a number in the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through; its address is looked at once it is taken apart."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,  # noqa: ARG002 - as Django calls it
        view: Callable[..., HttpResponse],  # noqa: ARG002
        args: Sequence[Any],  # noqa: ARG002
        kwargs: Mapping[str, Any],
    ) -> None:
        """Raise `Http404` where a number of the address is too large."""
        if any(isinstance(value, int) and value > MOST for value in kwargs.values()):
            raise Http404
