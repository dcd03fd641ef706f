"""What a person asked of `wegmarke analyse`, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """All options, as given; None or empty where they were not."""

    files: tuple[str, ...]
    language: str
    person: str | None = None
    time: str | None = None
    event: str | None = None
    event_name: str | None = None
    experience: str | None = None
    scale: str | None = None
    value: str | None = None
    attributes: tuple[str, ...] = ()
    persons: str | None = None
    encoding: str | None = None
    timezone: str | None = None
    day_first: bool | None = None
    decimal: str | None = None
    plan: Path | None = None
    leaving: tuple[str, ...] = ()
    quiet_days: float | None = None
    moving_on: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    horizon_days: float | None = None
    margin: float | None = None
    funnel: tuple[str, ...] = ()
    window_days: float | None = None
    form: str = "text"
    out: Path | None = None
    rejected: Path | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any], *, language: str) -> Request:
        """Take the options of the command line."""
        values = {key: value for key, value in options.items() if key in cls.__dataclass_fields__}
        for key in ("plan", "out", "rejected"):
            values[key] = Path(values[key]) if values.get(key) else None
        return cls(**{**values, "language": language})
