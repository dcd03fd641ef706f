"""Navigation as values: places, their pages, and where the reader is now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Page:
    """One page in the navigation; `path` from the root of the site.

    `visible_to` says who is offered it; None offers it to everybody. It guards nothing: the page itself does.
    """

    title: _StrPromise
    path: str
    visible_to: Callable[[HttpRequest], bool] | None = None

    @property
    def address(self) -> str:
        """The address to link to, below whatever prefix the site runs under."""
        return get_script_prefix().rstrip("/") + self.path

    def holds(self, path: str) -> bool:
        """Say whether `path` is this page or lies below it; the root holds only itself."""
        return path == self.path or (self.path != "/" and path.startswith(self.path))


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the loop with its pages; a place of one page named like itself is one link."""

    title: _StrPromise
    icon: str
    pages: tuple[Page, ...]

    @property
    def single(self) -> Page | None:
        """The page to link to directly, where the place has just this one under its own name."""
        return self.pages[0] if len(self.pages) == 1 and self.pages[0].title == self.title else None


@cache
def existing(name: str, urlconf: str) -> tuple[Place, ...]:  # noqa: ARG001 - the key of the cache
    """Return the places named by the dotted `name`, without pages whose address leads nowhere yet."""
    places: tuple[Place, ...] = import_string(name)
    kept = (Place(p.title, p.icon, tuple(page for page in p.pages if _leads_somewhere(page))) for p in places)
    return tuple(place for place in kept if place.pages)


def _leads_somewhere(page: Page) -> bool:
    try:
        resolve(page.path)
    except Resolver404:
        return False
    return True


def offered(places: tuple[Place, ...], request: HttpRequest) -> tuple[Place, ...]:
    """Return the places with the pages this reader is offered; a place without any is left out."""
    kept = (
        Place(
            place.title,
            place.icon,
            tuple(page for page in place.pages if page.visible_to is None or page.visible_to(request)),
        )
        for place in places
    )
    return tuple(place for place in kept if place.pages)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates `places` and `current_page` (context processor)."""
    places = offered(existing(settings.NAVIGATION, settings.ROOT_URLCONF), request)
    path = request.path_info
    holding = [page for place in places for page in place.pages if page.holds(path)]
    # The page of a whole place (/map/) holds those below it, too; the nearest one is meant.
    current = max(holding, key=lambda page: len(page.path), default=None)
    return {"places": places, "current_page": current}
