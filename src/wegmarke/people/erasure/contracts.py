"""Values of erasure: whom it is about, what a store holds of them, how a room joins its stores."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import pgettext_lazy

from wegmarke.people.identifiers import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.utils.functional import Promise

    from wegmarke.people.access.contracts import Section, Telling

LONG_ENOUGH: Final = 5
"""Shorter ids are not looked for in running text: they would stand in everybody's."""


class Ground(models.TextChoices):
    """Why data are erased, as Art. 17 (1) GDPR has it, and one more."""

    NOT_NEEDED = "not_needed", pgettext_lazy("ground of an erasure", "No longer necessary (a)")
    WITHDRAWN = "withdrawn", pgettext_lazy("ground of an erasure", "Consent withdrawn (b)")
    OBJECTION = "objection", pgettext_lazy("ground of an erasure", "Objection (c)")
    UNLAWFUL = "unlawful", pgettext_lazy("ground of an erasure", "Unlawfully processed (d)")
    OBLIGATION = "obligation", pgettext_lazy("ground of an erasure", "Legal obligation (e)")
    CHILD = "child", pgettext_lazy("ground of an erasure", "Collected from a child (f)")
    REAPPLIED = "reapplied", pgettext_lazy("ground of an erasure", "Applied again after a restore")


class Stage(models.TextChoices):
    """How far an erasure is."""

    REQUESTED = "requested", pgettext_lazy("erasure", "Requested")
    ERASING = "erasing", pgettext_lazy("erasure", "Being carried out")
    WAITING = "waiting", pgettext_lazy("erasure", "Old copies are going")
    CLEANING = "cleaning", pgettext_lazy("erasure", "Traces are being overwritten")
    DONE = "done", pgettext_lazy("erasure", "Done")


class NothingToEraseError(ValueError):
    """No id was chosen, or one that cannot be kept."""


class KeyMissingError(RuntimeError):
    """The key of the tombstones is gone: nobody can tell any more who was erased."""


class NoSuchErasureError(LookupError):
    """There is no such erasure."""


class Named:
    """Somebody, by the identifiers of the log, and how these are looked for in what others wrote."""

    __slots__ = ()

    identifiers: tuple[str, ...]

    @property
    def texts(self) -> frozenset[str]:
        """The ids as their senders write them."""
        return frozenset(map(shown, self.identifiers))

    @property
    def telling(self) -> tuple[str, ...]:
        """The ids that are long enough to be looked for in running text."""
        return tuple(text for text in sorted(self.texts) if len(text) >= LONG_ENOUGH)

    @property
    def pattern(self) -> str:
        """A regular expression for the ids in running text, each as a word of its own; matches no empty text.

        `anna@example.com` is not found in `joanna@example.com`. Python and Arrow read it alike.
        """
        words = "|".join(map(re.escape, self.telling)) or r"[^\s\S]"
        return rf"(?:^|[^\w@.+-])(?:{words})(?:$|[^\w@+-])"


@dataclass(frozen=True, slots=True)
class Erasing(Named):
    """One erasure as the stores see it.

    `identifiers` are those of the log. `erased_at` is when it began: what came before it goes. `change` is
    the change of the log from which on nothing of the person is in it, and `swept_at` when that was (both
    only for `Store.settled`); `urgent` says that waiting any longer would break the promise of a day.
    """

    name: str
    identifiers: tuple[str, ...]
    erased_at: datetime
    now: datetime
    change: int = 0
    swept_at: datetime | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds of somebody: rows, files, and what only a person can judge and erase."""

    rows: int = 0
    files: int = 0
    by_hand: int = 0


def nothing(_erasing: Erasing) -> Held:
    """Count nothing, for stores that cannot say of whom they hold something."""
    return Held()


def at_once(_erasing: Erasing) -> bool:
    """Say that there is nothing to wait for."""
    return True


def nobody() -> Iterable[str]:
    """Name nobody, for stores that hold no identifiers of their own."""
    return ()


@dataclass(frozen=True, slots=True)
class Store:
    """A place that may hold data of persons; rooms offer theirs, the site joins them.

    `count` says what it holds of somebody. `erase` takes that away and says whether it is finished: if not,
    it is called again a little later; it may be called again at any time. `settled` says later on whether the
    last old copy is gone, and may hurry that. `identifiers` names whom it holds, for a restore.

    `tell` says what it holds of somebody, for whoever asks for their data; where it does not, `untold` says
    why, in the archive as well.
    """

    key: str
    label: Promise
    erase: Callable[[Erasing], bool]
    count: Callable[[Erasing], Held] = nothing
    settled: Callable[[Erasing], bool] = at_once
    identifiers: Callable[[], Iterable[str]] = nobody
    tell: Callable[[Telling], Iterable[Section]] | None = None
    untold: Promise | str = ""


@dataclass(frozen=True, slots=True)
class Keeper:
    """A kind of data that can be kept for a number of days, or for good where `days` is None.

    `expire` removes what is older than a moment, once per name; `would` counts what that would be now.
    """

    key: str
    label: Promise
    days: int | None
    expire: Callable[[datetime, str, datetime], int]
    would: Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class StoreState:
    """What one store held and whether it is rid of it."""

    label: Promise | str
    held: Held
    done: bool


@dataclass(frozen=True, slots=True)
class ErasureState:
    """One erasure as pages show it; without a single identifier once it is done."""

    id: int
    stage: Stage
    ground: Ground
    reference: str
    requested_at: datetime
    requested_by: str
    identifiers: tuple[str, ...]
    digests: tuple[str, ...]
    stores: tuple[StoreState, ...]
    erased_at: datetime | None
    done_at: datetime | None
    due_at: datetime
    failed: str


@dataclass(frozen=True, slots=True)
class RetentionState:
    """How long one kind of data is kept, what the last run did, and what the next would do (if counted)."""

    key: str
    label: Promise
    days: int | None
    last_at: datetime | None
    last_rows: int
    would: int | None = None
