"""Stored answers are figures about many, yet labels and names in them may be somebody's: old ones go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from wegmarke.insights.models import Refresh
from wegmarke.people.erasure.contracts import Store
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from wegmarke.people.erasure.contracts import Erasing


def _nothing_now(_erasing: Erasing) -> bool:
    """Leave it to `_settled`: pages keep the answers they have until new ones are there."""
    return True


def _settled(erasing: Erasing) -> bool:
    """Remove answers from before the erasure once there are later ones, or none can come any more."""
    old = Refresh.objects.filter(log_change__lt=erasing.change)
    newer = Refresh.objects.filter(log_change__gte=erasing.change, done_at__isnull=False).exists()
    if newer or erasing.urgent or record.log_state().rows == 0:
        old.delete()
    return not old.exists()


ANSWERS = Store(
    "answers",
    pgettext_lazy("store of personal data", "Stored answers of analyses"),
    _nothing_now,
    settled=_settled,
    untold=pgettext_lazy(
        "why a store tells nothing",
        "Figures about many, worked out from the events above. They hold nothing that does not stand there.",
    ),
)
