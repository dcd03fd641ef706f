"""What this room keeps besides the plan: what discovery found."""

from __future__ import annotations

from typing import ClassVar

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
