"""The stores and keepers the site has joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wegmarke.people.erasure.contracts import Keeper, Store


def stores() -> Sequence[Store]:
    """Return all stores, in the order in which they have to be erased."""
    found: Sequence[Store] = import_string(settings.PERSONAL_STORES)
    return found


def keepers() -> Sequence[Keeper]:
    """Return all kinds of data that are kept for a time."""
    found: Sequence[Keeper] = import_string(settings.KEPT_DATA)
    return found
