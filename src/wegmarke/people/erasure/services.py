"""What can be done about erasure and retention. `by` is a data protection officer; None the system itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wegmarke.due import claiming
from wegmarke.people.erasure import tombstones
from wegmarke.people.erasure.contracts import Ground, NoSuchErasureError, NothingToEraseError
from wegmarke.people.erasure.joined import keepers, stores
from wegmarke.people.erasure.tables import Erasure, Retention, Tombstone
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wegmarke.team.models import User

MOST: Final = 5_000
MOST_IDENTIFIER: Final = 300
MOST_REFERENCE: Final = 100
MOST_DAYS: Final = 36_500


@transaction.atomic
def request(
    *, identifiers: Iterable[str], ground: Ground, reference: str = "", by: User | None, now: datetime
) -> int:
    """Ask for an erasure and return its number; the worker carries it out at once.

    Raises `NothingToEraseError`, and `ValidationError` for a reference that is too long.
    """
    require_role(by, Role.OFFICER)
    chosen = sorted({one for one in identifiers if one})
    if not 0 < len(chosen) <= MOST or any(len(one) > MOST_IDENTIFIER or "\0" in one for one in chosen):
        raise NothingToEraseError
    if len(reference) > MOST_REFERENCE:
        raise ValidationError(_("The file number is too long."))
    row = Erasure(
        ground=Ground(ground),
        reference=reference.replace("\0", "").strip(),
        requested_at=now,
        requested_by=by,
        identifiers=chosen,
        due_at=now,
    )
    row.save(force_insert=True)
    return row.pk


def try_again(*, erasure: int, by: User | None, now: datetime) -> None:
    """Let an erasure that was given up go on where it stopped."""
    require_role(by, Role.OFFICER)
    row = Erasure.objects.filter(pk=erasure).first()
    if row is None:
        raise NoSuchErasureError(erasure)
    claiming.revive(row, now=now)


@transaction.atomic
def keep_for(*, kind: str, days: int | None, by: User | None, now: datetime) -> None:
    """Say how long one kind of data is kept; None keeps it. Raises `ValidationError`."""
    require_role(by, Role.OFFICER)
    if kind not in {keeper.key for keeper in keepers()}:
        raise ValidationError(_("There is no such kind of data."))
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise ValidationError(_("Enter a number of days from 1 on, or nothing to keep the data."))
    Retention.objects.update_or_create(
        kind=kind, defaults={"days": days, "changed_at": now, "changed_by": by}
    )


def exported() -> str:
    """Return everybody who was erased, as keyed hashes with a time, one JSON object a line."""
    stones = Tombstone.objects.values_list("digest", "erased_at")
    return "".join(_line(digest, at) for digest, at in stones.iterator())


def _line(digest: str, at: datetime) -> str:
    return json.dumps({"digest": digest, "erased_at": at.astimezone(UTC).isoformat()}) + "\n"


@transaction.atomic
def reapply(lines: Iterable[str], *, now: datetime) -> tuple[int, int]:
    """Apply erasures again after a restore: set their tombstones, and erase whom of them is back.

    Returns how many tombstones there are in `lines` and how many identifiers are to be erased again. Raises
    `ValueError` where a line is none of `exported`, `KeyMissingError` without the key.
    """
    stones = dict(map(_stone, filter(str.strip, lines)))
    tombstones.set_stones(stones)
    tombstones.forget()
    back: set[str] = set()
    for store in stores():
        back |= set(tombstones.erased(store.identifiers()))
    chosen = sorted(back)
    for start in range(0, len(chosen), MOST):
        request(
            identifiers=chosen[start : start + MOST],
            ground=Ground.REAPPLIED,
            by=None,
            now=now,
        )
    return len(stones), len(back)


def _stone(line: str) -> tuple[str, datetime]:
    read = json.loads(line)
    digest, at = read["digest"], datetime.fromisoformat(read["erased_at"])
    if not isinstance(digest, str) or len(digest) != 32 or at.tzinfo is None:  # noqa: PLR2004 - 16 bytes
        msg = f"not a line of a file of erasures: {line[:80]!r}"
        raise ValueError(msg)
    int(digest, 16)
    return digest, at
