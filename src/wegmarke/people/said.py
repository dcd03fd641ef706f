"""What every fact of this room has in common, whoever said it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class SaidFact(models.Model):
    """One fact: said by messages of one source, which are counted, or by somebody here, who can take it back.

    `key` is the digest of what messages said and of whom; what was done by hand is a row each time, without
    a key. Nothing is changed afterwards but the count and the withdrawal.
    """

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

        abstract = True
        app_label = "people"
        ordering: ClassVar = ["pk"]


def told(row: SaidFact) -> dict[str, Any]:
    """Return what the values of all facts have in common; who did what is empty where nobody did it."""
    return {
        "number": row.pk,
        "source": row.source_name,
        "messages": row.messages,
        "made_at": row.made_at,
        "last_at": row.last_at,
        "by": row.by.get_username() if row.by else "",
        "reason": row.reason,
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_by": row.withdrawn_by.get_username() if row.withdrawn_by else "",
    }
