"""Values of saved mappings that pages may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.capture.files.mapping import ColumnMapping


class NoSuchMappingError(LookupError):
    """There is no such saved mapping (any more)."""


class MappingNameError(ValidationError):
    """The name is missing, or another mapping has it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved mapping; `columns` are those of the file it was made from, `runs` how often it was used."""

    id: int
    name: str
    mapping: ColumnMapping
    columns: tuple[str, ...]
    created_at: datetime
    created_by: str
    used_at: datetime | None
    runs: int = 0
