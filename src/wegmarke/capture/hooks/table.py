"""Tables of webhooks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wegmarke.capture.hooks.contracts import Scheme
from wegmarke.capture.inbox import Source


class Webhook(models.Model):
    """What may post to the address of one source, and how its bodies are read.

    `token` is the end of the address; `secret` is sealed, and what it is for depends on `scheme`. `provider`
    is set for mail only, whose bodies need no mapping.
    """

    source = models.OneToOneField(Source, models.PROTECT, related_name="webhook")
    token = models.CharField(max_length=64, unique=True)
    scheme = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Scheme])
    header = models.CharField(max_length=80, default="", blank=True)
    provider = models.CharField(max_length=24, default="", blank=True)
    secret = models.TextField()
    mapping = models.JSONField(default=dict, blank=True)

    class Meta:
        """In the order they were made."""

        app_label = "capture"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Name the source."""
        return f"{self.source_id}"


class WebhookBody(models.Model):
    """One of the last bodies of a webhook, to try the mapping on."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="bodies")
    received_at = models.DateTimeField()
    content = models.TextField()

    class Meta:
        """Newest first."""

        app_label = "capture"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        """Give the body its number."""
        return f"{self.pk}"
