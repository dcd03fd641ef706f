"""What this room remembers itself; the plan and the figures live below."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class AcceptedFinding(models.Model):
    """A finding of the audit somebody decided to leave as it is until a day.

    `finding` is the key the audit knows it by.
    """

    finding = models.CharField(max_length=1000, unique=True)
    reason = models.TextField()
    until = models.DateField()
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        """In order of their end."""

        ordering: ClassVar = ["until", "pk"]

    def __str__(self) -> str:
        """Name it in shells and logs."""
        return self.finding
