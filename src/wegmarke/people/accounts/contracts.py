"""Values about accounts: what messages and colleagues say of who belongs where, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Said(models.TextChoices):
    """What a fact says of an identifier and an account."""

    GROUP = "group", pgettext_lazy("account", "Named in a group message")
    JOINED = "joined", pgettext_lazy("account", "Added by hand")
    LEFT = "left", pgettext_lazy("account", "Removed by hand")

    @property
    def by_hand(self) -> bool:
        """Whether somebody decided it, who can take it back."""
        return self is not Said.GROUP


class NoSuchMembershipError(LookupError):
    """There is no such fact."""


class NotPossibleError(ValidationError):
    """Two ids are missing, or messages said it; nothing was done."""


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """What one group message says: an identifier belongs to an account, which has these traits."""

    identifier: str
    account: str
    source: int
    source_name: str
    traits: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Membership:
    """One fact about an identifier and an account; `by` and `withdrawn_by` are empty where nobody did it."""

    number: int
    account: str
    identifier: str
    said: Said
    source: str
    messages: int
    made_at: datetime
    last_at: datetime
    by: str
    reason: str
    withdrawn_at: datetime | None
    withdrawn_by: str


@dataclass(frozen=True, slots=True)
class AccountTrait:
    """One trait of an account, since when it has this value and which source said so last."""

    name: str
    value: str
    source: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class AccountShown:
    """One account in a list; `name` is its trait of that name, else its id."""

    account: str
    name: str
    identifiers: int
    first_at: datetime
    last_at: datetime
