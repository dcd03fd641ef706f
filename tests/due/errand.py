"""A kind of due work for the tests."""

from __future__ import annotations

from django.db import models

from wegmarke.due.models import DueRow


class Errand(DueRow):
    """Something to be done once."""

    name = models.CharField(max_length=40, default="")

    class Meta(DueRow.Meta):
        app_label = "errands"
        abstract = False

    def __str__(self):
        return self.name
