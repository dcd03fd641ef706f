"""The table of requests for access: the protocol that each was answered in time."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class AccessRequest(models.Model):
    """One request, from the day it came to the day it was answered.

    `identifiers` are emptied once it was answered, or when the person is erased; `digests` (keyed hashes)
    stay, so that whoever has the id again can find what was answered.
    """

    asked_on = models.DateField()
    language = models.CharField(max_length=2)
    reference = models.CharField(max_length=100, blank=True, default="")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    identifiers = models.JSONField(default=list)
    digests = models.JSONField(default=list)
    made_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        app_label = "people"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        """Give it its number."""
        return f"{self.pk}"
