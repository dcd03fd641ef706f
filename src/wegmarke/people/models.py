"""Facts about who is who. Nothing is merged: a fact holds until it is withdrawn, and can be read on then."""

from __future__ import annotations

from django.db import models

from wegmarke.people.access.tables import AccessRequest
from wegmarke.people.accounts.models import Account, AccountTrait, Membership
from wegmarke.people.consent.models import (
    Category,
    CategoryMeaning,
    ConsentFact,
    ExistingCustomer,
    KeptProof,
    Purpose,
    Wording,
)
from wegmarke.people.contracts import Kind
from wegmarke.people.erasure.tables import Erasure, Retention, RetentionRun, Tombstone
from wegmarke.people.processing.tables import ProcessingText
from wegmarke.people.said import SaidFact

__all__ = [
    "AccessRequest",
    "Account",
    "AccountTrait",
    "Category",
    "CategoryMeaning",
    "ConsentFact",
    "Erasure",
    "ExistingCustomer",
    "Fact",
    "KeptProof",
    "Membership",
    "ProcessingText",
    "Purpose",
    "Retention",
    "RetentionRun",
    "State",
    "Tombstone",
    "Wording",
]


class Fact(SaidFact):
    """Two identifiers and what is said of them, by messages or by hand.

    What messages of one kind and source say of the same two is one row that counts them; `key` is the digest
    of the four. What was done by hand is a row each time, without a key.
    """

    kind = models.CharField(max_length=10, choices=Kind)
    one = models.CharField(max_length=300, db_index=True)
    other = models.CharField(max_length=300, db_index=True)

    def __str__(self) -> str:
        """Name the two."""
        return f"{self.one} {self.kind} {self.other}"


class State(models.Model):
    """One row: a number that grows whenever facts in force change, in the same transaction."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        """Give the number."""
        return str(self.number)
