"""Days on which visitors were estimated; what could tell one of them apart goes when the day has ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wegmarke.capture.inbox import Source


class VisitorDay(models.Model):
    """One source on one day (UTC): salt and sketch while it lasts, only the estimate afterwards."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    day = models.DateField(db_index=True)
    salt = models.BinaryField(null=True)
    sketch = models.BinaryField(null=True)
    visitors = models.PositiveIntegerField(default=0)

    class Meta:
        """One row a source and day."""

        app_label = "capture"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "day"], name="one_row_a_visitor_day")
        ]

    def __str__(self) -> str:
        """Name source and day."""
        return f"{self.source_id} {self.day}"
