"""Insights as rows: each run of all questions, what it answered, and funnels people asked for."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from wegmarke.due.models import DueRow


class Refresh(DueRow):
    """One run: journeys rebuilt from the log as of `log_change`, all questions asked under one plan.

    `identities` is the state of the facts about who is who (`people.queries.state`).
    `shape` is that of the stored answers (`storing.shape`): a new version may store them in another one.
    """

    MAX_ATTEMPTS: ClassVar[int] = 4

    log_change = models.BigIntegerField()
    plan_version = models.PositiveIntegerField(help_text="0 where there is no plan")
    identities = models.PositiveBigIntegerField(default=0)
    shape = models.PositiveIntegerField(default=0)
    noticed_at = models.DateTimeField()
    step = models.CharField(max_length=200, default="", blank=True)
    steps_done = models.PositiveIntegerField(default=0)
    steps_all = models.PositiveIntegerField(default=0)
    build = models.CharField(max_length=200, default="", blank=True)
    problem = models.TextField(default="", blank=True, help_text="why no attempt can help, in words")

    class Meta:
        """One run per state of log, persons, plan and shape, however many workers notice it."""

        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["log_change", "identities", "plan_version", "shape"], name="one_refresh_per_state"
            )
        ]

    def __str__(self) -> str:
        """Name the state this run is about."""
        return f"log {self.log_change}, plan {self.plan_version}"


class StoredInsight(models.Model):
    """One answer of a run, with the parameters it was computed with; `payload` is JSON of the insight."""

    class Kind(models.TextChoices):
        """What was asked."""

        FACTS = "facts"
        MOMENTS = "moments"
        LAST_ACTIONS = "last_actions"
        LIVED = "lived"
        PATHS = "paths"
        TREND = "trend"
        FUNNEL = "funnel"
        MONTHLY = "monthly"
        SPREAD = "spread"
        LOAD = "load"
        PLACEMENT = "placement"

    refresh = models.ForeignKey(Refresh, on_delete=models.CASCADE, related_name="insights")
    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=200, default="", blank=True)
    parameters = models.JSONField(default=dict)
    computed_at = models.DateTimeField()
    payload = models.TextField()

    class Meta:
        """One answer per question and run."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refresh", "kind", "key"], name="one_insight_per_question")
        ]

    def __str__(self) -> str:
        """Name the question."""
        return f"{self.kind} {self.key}".strip()


class FunnelRequest(DueRow):
    """A funnel somebody asked for; the worker answers it from the journeys of `refresh`."""

    MAX_ATTEMPTS: ClassVar[int] = 3

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    refresh = models.ForeignKey(Refresh, on_delete=models.CASCADE, related_name="funnel_requests")
    steps = models.JSONField()
    window_days = models.FloatField()
    question = models.CharField(max_length=64, help_text="hash of steps and window")
    asked_at = models.DateTimeField()
    payload = models.TextField(default="", blank=True)
    problem = models.TextField(default="", blank=True)

    class Meta:
        """The same question of the same journeys is asked once."""

        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refresh", "question"], name="one_request_per_question")
        ]

    def __str__(self) -> str:
        """Name the first and the last step."""
        return f"{self.steps[0]} … {self.steps[-1]}"
