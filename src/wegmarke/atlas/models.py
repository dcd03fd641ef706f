"""What this room keeps besides the plan: what discovery found, findings of the audit left as they are."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from wegmarke.due.models import DueRow


class Discovery(DueRow):
    """One run over everything no rule binds, in the log as of `log_change` under the plan of `plan_version`.

    `basis` and `ignored` say what of the plan counts here: which events rules bind, and which somebody has
    found to be no touchpoint (a hash). `shape` is that of the stored `payload`, JSON of `contracts.Found`.
    """

    MAX_ATTEMPTS: ClassVar[int] = 4

    log_change = models.BigIntegerField()
    plan_version = models.PositiveIntegerField(help_text="0 where there is no plan")
    basis = models.PositiveIntegerField()
    ignored = models.BigIntegerField()
    shape = models.BigIntegerField()
    noticed_at = models.DateTimeField()
    steps_done = models.PositiveIntegerField(default=0)
    steps_all = models.PositiveIntegerField(default=0)
    payload = models.TextField(default="", blank=True)

    class Meta:
        """One run per state of log and plan, however many workers notice it."""

        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["log_change", "basis", "ignored", "shape"], name="one_discovery_per_state"
            )
        ]

    def __str__(self) -> str:
        """Name the state this run is about."""
        return f"log {self.log_change}, plan {self.plan_version}"


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
