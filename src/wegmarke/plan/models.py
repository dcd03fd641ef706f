"""The versions of the plan as rows."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedPlan(models.Model):
    """One version: the whole document, never changed once saved."""

    number = models.PositiveIntegerField(unique=True)
    document = models.TextField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    comment = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        """Name the version."""
        return f"plan {self.number}"
