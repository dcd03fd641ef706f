"""Tables of erasure and retention."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from wegmarke.due.models import DueRow
from wegmarke.people.erasure.contracts import Ground, Stage


class Erasure(DueRow):
    """One erasure, from the request to its protocol.

    `identifiers` is emptied before the row is done; `digests` (keyed hashes) and `stores` (counts) stay.
    """

    MAX_ATTEMPTS: ClassVar[int] = 100  # it is never given up silently, and failing has an end of its own

    ground = models.CharField(max_length=12, choices=Ground)
    reference = models.CharField(max_length=100, blank=True, default="")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.REQUESTED)
    identifiers = models.JSONField(default=list)
    digests = models.JSONField(default=list)
    stores = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    change = models.PositiveBigIntegerField(default=0)

    class Meta(DueRow.Meta):
        """Newest first."""

        app_label = "people"
        abstract = False
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        """Give it its number."""
        return f"{self.pk}"


class Tombstone(models.Model):
    """The keyed hash of an identifier that was erased: what happened before then is not taken any more."""

    digest = models.CharField(max_length=32, unique=True)
    erased_at = models.DateTimeField()

    class Meta:
        """In the order in which they were set."""

        app_label = "people"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Show the hash."""
        return self.digest


class Retention(models.Model):
    """How long one kind of data is kept, where somebody decided; `days` is None for good."""

    kind = models.CharField(max_length=20, unique=True)
    days = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """By name."""

        app_label = "people"
        ordering: ClassVar = ["kind"]

    def __str__(self) -> str:
        """Name the kind."""
        return self.kind


class RetentionRun(models.Model):
    """What one run removed of one kind; one a kind and day."""

    kind = models.CharField(max_length=20)
    day = models.DateField()
    before = models.DateTimeField()
    rows = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        app_label = "people"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "day"], name="one_run_a_kind_and_day")
        ]

    def __str__(self) -> str:
        """Name kind and day."""
        return f"{self.kind} {self.day}"
