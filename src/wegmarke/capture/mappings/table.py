"""The table of saved mappings."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedMapping(models.Model):
    """Which column is what, under a name, for the files that come regularly.

    `columns` are all columns of the file it was made from. `namespace` and `told_apart_by` never change: they
    are what rows in the log are recognised by, however the mapping changes later.
    """

    name = models.CharField(max_length=120, unique=True)
    mapping = models.JSONField()
    columns = models.JSONField()
    namespace = models.CharField(max_length=64, unique=True)
    told_apart = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

    class Meta:
        """By name, as lists show them."""

        app_label = "capture"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """Name the mapping."""
        return self.name

    @property
    def told_apart_by(self) -> tuple[str, ...]:
        """Return the columns that tell rows without an id apart."""
        return tuple(self.told_apart)
