"""Tables of the event API: who may send, what waits for the log, what was refused, how much it was."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from wegmarke.sealing.fields import SealedBinaryField


class Source(models.Model):
    """A place events come from: a web site, a shop, an application.

    `origins` are the web origins a browser may send from; empty means any.
    """

    name = models.CharField(max_length=120, unique=True)
    origins = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        """By name, as lists show them."""

        app_label = "capture"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """Name the source."""
        return self.name


class WriteKey(models.Model):
    """A key that may write events for one source, and nothing else.

    A key of a server is a secret: only its digest is kept, and `shown` is its end. A key of a browser stands
    in a public page anyway, so `shown` is all of it.
    """

    class Kind(models.TextChoices):
        """Where a key is used."""

        BROWSER = "browser", pgettext_lazy("write key", "Web page")
        SERVER = "server", pgettext_lazy("write key", "Server")

    source = models.ForeignKey(Source, models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=8, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    shown = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        app_label = "capture"
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Show what may be seen of the key."""
        return self.shown


class InboxBatch(models.Model):
    """One accepted request, as it came, until the worker has moved its events to the log.

    `content` is the JSON text, compressed with Zstandard (`size` is its length before); `events` how many
    events are in it; `type` the kind of event where the path said it. `attempts` is counted before the worker
    looks into the batch, so one that kills the worker is found out; `again` marks refused events sent on by
    hand, which were counted as received before.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    type = models.CharField(max_length=8, default="", blank=True)
    events = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    content = SealedBinaryField()
    attempts = models.PositiveSmallIntegerField(default=0)
    again = models.BooleanField(default=False)

    class Meta:
        """In order of arrival."""

        app_label = "capture"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Give the batch its number."""
        return f"{self.pk}"


class RefusedEvent(models.Model):
    """An event, or a whole body, that could not be taken, with the reason; kept until sent on or deleted.

    `reason` is a code of `events.contracts.Reason` and `detail` what exactly and where; `whole` says that
    `content` is a whole body with so many `events`, not one event.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(db_index=True)
    type = models.CharField(max_length=8, default="", blank=True)
    events = models.PositiveIntegerField(default=1)
    whole = models.BooleanField(default=False)
    reason = models.CharField(max_length=24)
    detail = models.CharField(max_length=500)
    sent_at = models.CharField(max_length=64, default="", blank=True)
    content = SealedBinaryField()
    size = models.PositiveIntegerField()

    class Meta:
        """Newest first."""

        app_label = "capture"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["source", "reason"], name="refused_by_reason")]

    def __str__(self) -> str:
        """Say why."""
        return f"{self.reason}: {self.detail}"


class SourceDay(models.Model):
    """How many events of one source came on one day (UTC) and what became of them.

    Received = moved to the log + known before + refused + erased + what was sent on and waits. A batch is
    counted when the worker takes it out of the inbox.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="days")
    day = models.DateField()
    received = models.PositiveBigIntegerField(default=0)
    moved = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    erased = models.PositiveBigIntegerField(default=0)

    class Meta:
        """One row a source and day."""

        app_label = "capture"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "day"], name="one_row_a_source_day")
        ]

    def __str__(self) -> str:
        """Name source and day."""
        return f"{self.source_id} {self.day}"
