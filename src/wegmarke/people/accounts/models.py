"""Tables of accounts. What messages say of the same two is one row that counts; decisions are a row each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wegmarke.people.accounts.contracts import Said
from wegmarke.people.said import SaidFact


class Account(models.Model):
    """A company or household with several contacts, by the id its sender gives it."""

    key = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=300, default="", blank=True, db_index=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        """The one heard of last first."""

        app_label = "people"
        ordering: ClassVar = ["-last_at", "key"]

    def __str__(self) -> str:
        """Give the id."""
        return self.key


class AccountTrait(models.Model):
    """What an account is like: the last value of each trait."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="traits")
    name = models.CharField(max_length=200)
    value = models.TextField()
    source_name = models.CharField(max_length=120, default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        """One row a trait."""

        app_label = "people"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="one_row_an_account_trait")
        ]

    def __str__(self) -> str:
        """Name the trait."""
        return f"{self.account_id} {self.name}"


class Membership(SaidFact):
    """What is said of an identifier and an account; `key` is the digest of the two and the source."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    identifier = models.CharField(max_length=300, db_index=True)
    said = models.CharField(max_length=6, choices=Said)

    def __str__(self) -> str:
        """Name the two."""
        return f"{self.identifier} {self.said} {self.account_id}"
