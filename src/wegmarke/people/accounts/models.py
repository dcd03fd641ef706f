"""Tables of accounts. What messages say of the same two is one row that counts; decisions are a row each."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from wegmarke.people.accounts.contracts import Said


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


class Membership(models.Model):
    """What is said of an identifier and an account; `key` is the digest of the two and the source."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    identifier = models.CharField(max_length=300, db_index=True)
    said = models.CharField(max_length=6, choices=Said)
    key = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001 - no key, no uniqueness
    source = models.PositiveBigIntegerField(null=True)
    source_name = models.CharField(max_length=120, default="", blank=True)
    messages = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField()
    last_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, default="", blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """In the order in which they became known."""

        app_label = "people"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Name the two."""
        return f"{self.identifier} {self.said} {self.account_id}"
