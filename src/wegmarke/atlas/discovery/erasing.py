"""What discovery found holds names and values of events as they came: it is looked for anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from wegmarke.atlas.models import Discovery
from wegmarke.people.erasure.contracts import Store

if TYPE_CHECKING:
    from wegmarke.people.erasure.contracts import Erasing


def _erase(_erasing: Erasing) -> bool:
    """Remove all runs; a run under way loses its row, and the worker notices that there is none."""
    Discovery.objects.all().delete()
    return True


def _settled(erasing: Erasing) -> bool:
    old = Discovery.objects.filter(log_change__lt=erasing.change)
    old.delete()
    return not old.exists()


DISCOVERY = Store(
    "discovery",
    pgettext_lazy("store of personal data", "What discovery found"),
    _erase,
    settled=_settled,
    untold=pgettext_lazy(
        "why a store tells nothing",
        "Names and values of events, gathered without ids. What of it is about you stands in the "
        "events above.",
    ),
)
