"""Values of capture that pages and other rooms may see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class Status(StrEnum):
    """Where an import stands."""

    DRAFT = "draft"  # uploaded, its columns are being named
    WAITING = "waiting"  # started, the worker has not taken it up
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an import failed, in the language of whoever started it; `line` and `column` where known."""

    message: str
    line: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class ImportState:
    """One import as pages show it.

    `rows` is None until the file was read; `written` counts the events it added to the log, `known` those
    that were there before, `changed` those of them that say something else now; `error` is what
    the last attempt died of, in the words of the machine, and `due_at` when the next one comes;
    `rejected_kept` says whether the rejected rows can still be fetched.
    """

    id: UUID
    file_name: str
    suffix: str
    size: int
    sha256: str
    status: Status
    created_at: datetime
    created_by: str
    rows: int | None
    accepted: int
    rejected: int
    written: int
    chunks_done: int
    read_share: float
    problem: Problem | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    due_at: datetime | None = None
    error: str = ""
    has_file: bool = True
    rejected_kept: bool = False
    known: int = 0
    changed: int = 0
    namespace: str = ""
    saved: int | None = None
    saved_name: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What leaving and moving on are: touchpoint keys, or silence of `quiet_days`, or nothing where unknown.

    `based_on` is the version of the plan the person saw.
    """

    leaving: tuple[str, ...] = ()
    quiet_days: float | None = None
    moving_on: tuple[str, ...] = ()
    horizon_days: float = 30.0
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A touchpoint that can be chosen; `count` says how often the file has it, where that is known."""

    key: str
    label: str
    count: int | None
    sounds_like_leaving: bool = False

    @property
    def code(self) -> str:
        """Stands for the name in forms: browsers change line ends in a value, never these digits."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:20]
