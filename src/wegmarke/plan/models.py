"""The versions of the plan and the evidence about its touchpoints as rows."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models


def new_token() -> str:
    """Return a name for one version that no other installation or test run uses."""
    return uuid4().hex


class Version(models.Model):
    """One saved version; what it consists of are the items that hold at its number."""

    number = models.PositiveIntegerField(unique=True)
    token = models.CharField(max_length=32, default=new_token, editable=False)
    basis = models.PositiveIntegerField()
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


class Item(models.Model):
    """One state of one part of the plan, from the version `since` up to before the version `until`.

    `content` is JSON in the format of plan documents. Rows are only added; `until` is set once, when another
    state takes over or the part is removed. The plan's own fields and the order of its parts are the part
    with an empty kind and key.
    """

    kind = models.CharField(max_length=20, blank=True)
    key = models.CharField(max_length=100, blank=True)
    content = models.TextField()
    since = models.ForeignKey(Version, models.PROTECT, to_field="number", related_name="+")
    until = models.ForeignKey(Version, models.PROTECT, to_field="number", null=True, related_name="+")

    class Meta:
        """One state of a part at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "since"], name="one_state_since"),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(until=None), name="one_state_now"
            ),
        ]

    def __str__(self) -> str:
        """Name the part."""
        return f"{self.kind} {self.key}".strip() or "plan"


class Evidence(models.Model):
    """What somebody said or found about touchpoints; no part of the plan, so that it can be erased."""

    kind = models.CharField(max_length=20)
    grade = models.CharField(max_length=20)
    text = models.TextField()
    source = models.CharField(max_length=500, blank=True, default="")
    link = models.CharField(max_length=2000, blank=True, default="")
    day = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-noted_at", "-pk"]

    def __str__(self) -> str:
        """Name the kind and the day."""
        return f"{self.kind} {self.day or self.noted_at:%Y-%m-%d}"


class EvidenceTouchpoint(models.Model):
    """One touchpoint that evidence is about, by its key: it stays where the touchpoint leaves the plan."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="touchpoints")
    key = models.CharField(max_length=100, db_index=True)

    class Meta:
        """Each touchpoint once, in the order given."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "key"], name="evidence_names_a_touchpoint_once")
        ]

    def __str__(self) -> str:
        """Name the touchpoint."""
        return self.key
