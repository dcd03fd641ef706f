"""Which files of the log count, which batches are in it, and which journeys are current."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Batch(models.Model):
    """One batch of events and traits in the log; `sequence` is the number of this change of the log.

    Rewriting what is in the log (`Writer.rewrite`) is a change as well, with no events or traits of its own;
    `rewritten` is then the partition.
    """

    batch_key = models.CharField(max_length=200, unique=True)
    sequence = models.PositiveBigIntegerField(unique=True)
    source = models.CharField(max_length=200)
    events = models.PositiveBigIntegerField()
    traits = models.PositiveBigIntegerField()
    rewritten = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        """In order of arrival."""

        ordering: ClassVar = ["sequence"]

    def __str__(self) -> str:
        """Name the batch."""
        return self.batch_key


class LogFile(models.Model):
    """One committed file. Only files named here are part of the log.

    Its rows are those of the changes `first_change` to `last_change`. Whoever reads the log as of change X
    reads the files with `since` ≤ X < `until`: together they hold the rows of all changes up to X, each once
    (decision 0019). `until` is None where no other file has taken its place.
    """

    class Kind(models.TextChoices):
        """What the rows of a file are."""

        EVENTS = "events"
        TRAITS = "traits"
        IDS = "ids"

    kind = models.CharField(max_length=6, choices=Kind)
    partition = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=200, unique=True)
    rows = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    first_time = models.DateTimeField(null=True)
    last_time = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64)
    first_change = models.PositiveBigIntegerField()
    last_change = models.PositiveBigIntegerField()
    since = models.PositiveBigIntegerField()
    until = models.PositiveBigIntegerField(null=True)
    superseded_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        """Read per partition, in order of arrival."""

        indexes: ClassVar = [models.Index(fields=["until", "kind", "partition"], name="logfile_standing")]

    def __str__(self) -> str:
        """Name the file."""
        return self.path


class Mover(models.Model):
    """Who may change the log: one row, whose token the last one to take the log has set.

    `readable_from` is the oldest change as of which the log can be read; older ones lack files that were
    removed.
    """

    token = models.CharField(max_length=32)
    readable_from = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        """Name the holder."""
        return self.token


class JourneyBuild(models.Model):
    """Journeys laid out from the log with one version of the plan; see `contracts.Build`."""

    key = models.CharField(max_length=60, unique=True)
    plan_version = models.CharField(max_length=200)
    change = models.PositiveBigIntegerField()
    events = models.PositiveBigIntegerField()
    persons = models.PositiveBigIntegerField()
    touches = models.PositiveBigIntegerField()
    unbound = models.PositiveBigIntegerField()
    unbound_names = models.JSONField(default=list)
    first_touch = models.BigIntegerField(null=True)
    last_touch = models.BigIntegerField(null=True)
    built_at = models.DateTimeField()
    current = models.BooleanField(default=False)

    class Meta:
        """One build is current."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["current"], condition=models.Q(current=True), name="one_current_build"
            )
        ]

    def __str__(self) -> str:
        """Name the build."""
        return self.key
