"""Imports: one row per uploaded file, from the upload to its end; worked as due work."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from wegmarke.capture.contracts import Status
from wegmarke.capture.hooks.table import Webhook, WebhookBody
from wegmarke.capture.inbox import InboxBatch, RefusedEvent, Source, SourceDay, WriteKey
from wegmarke.capture.mappings.table import SavedMapping
from wegmarke.due.models import DueRow

__all__ = [
    "Import",
    "InboxBatch",
    "RefusedEvent",
    "SavedMapping",
    "Source",
    "SourceDay",
    "Webhook",
    "WebhookBody",
    "WriteKey",
]


class Import(DueRow):
    """One uploaded file. `file_name` is what its sender calls it: text to show, never a path.

    `chunks_done` and `written` move in the same transaction as the log, so they always say what stands there;
    `chunk_rows` is kept with the row because a chunk has to mean the same events in every attempt.
    `namespace` is where its rows are known by what identifies them; `known` counts those the log had,
    `changed` those among them that now say something else.
    """

    class States(models.TextChoices):
        """The states of `contracts.Status`, as people read them."""

        DRAFT = Status.DRAFT, pgettext_lazy("import", "Not started yet")
        WAITING = Status.WAITING, pgettext_lazy("import", "Waiting")
        READING = Status.READING, pgettext_lazy("import", "Running")
        DONE = Status.DONE, pgettext_lazy("import", "Finished")
        FAILED = Status.FAILED, pgettext_lazy("import", "Failed")
        CANCELLED = Status.CANCELLED, pgettext_lazy("import", "Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    suffix = models.CharField(max_length=16)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    mapping = models.JSONField(default=dict)
    saved = models.ForeignKey(SavedMapping, models.SET_NULL, null=True, related_name="runs")
    namespace = models.CharField(max_length=64, default="", blank=True)
    status = models.CharField(max_length=16, choices=States, default=Status.DRAFT)
    read_share = models.FloatField(default=0)
    rows = models.BigIntegerField(null=True)
    accepted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    chunk_rows = models.PositiveIntegerField(default=0)
    chunks_done = models.PositiveIntegerField(default=0)
    written = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    problem = models.JSONField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    file_kept = models.BooleanField(default=True)

    class Meta(DueRow.Meta):
        """Newest first, as the list of imports shows them."""

        abstract = False
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["sha256"], name="import_sha256"),
            models.Index(fields=["status", "due_at"], name="import_due"),
        ]
