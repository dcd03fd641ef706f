"""The table of what people write in the record of processing: every version of every text."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from wegmarke.people.processing.contracts import Field


class ProcessingText(models.Model):
    """One version of one text in both languages; the newest is in force, the others are its history."""

    field = models.CharField(max_length=20, choices=Field)
    de = models.TextField(blank=True)
    en = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        """Newest first."""

        app_label = "people"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["field", "-id"], name="processing_text_in_force")]

    def __str__(self) -> str:
        """Name the field."""
        return self.field
