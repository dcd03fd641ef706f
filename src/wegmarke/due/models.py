"""Due work is a row: what happens later stands in the database, in the same transaction as its cause."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DueRow(models.Model):
    """A piece of work to be done at `due_at` or later.

    The row is open until `done_at` or `dead_at` is set. While a worker has it, `lease_token` names that
    worker's hold on it and `lease_until` when the hold ends by itself; `attempts` was counted before the work
    began, so work that kills its process is counted, too. After `MAX_ATTEMPTS` failures the row is dead and
    stays visible.
    """

    MAX_ATTEMPTS: ClassVar[int] = 8

    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.CharField(max_length=32, default="", blank=True, editable=False)
    last_error = models.TextField(default="", blank=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    dead_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        """A room that has due work makes its own model from this one."""

        abstract = True
