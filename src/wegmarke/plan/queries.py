"""What the rooms above ask about the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.plan import parts, store
from wegmarke.plan.contracts import Edit, PlanVersion, SavedVersion
from wegmarke.plan.evidence.queries import evidence_by_touchpoint
from wegmarke.plan.models import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wegmarke.plan.contracts import Change, Plan

__all__ = [
    "NoSuchVersionError",
    "contract_of",
    "current",
    "differences",
    "edits_of",
    "evidence_by_touchpoint",
    "history",
    "newest_of_basis",
    "version",
]


class NoSuchVersionError(LookupError):
    """A version of the plan that was never saved."""


def current() -> PlanVersion | None:
    """Return the newest version of the plan, or None before the first one."""
    row = store.newest()
    return None if row is None else contract_of(row)


def version(number: int) -> PlanVersion:
    """Return one version; raises `NoSuchVersionError`."""
    row = Version.objects.select_related("saved_by").filter(number=number).first()
    if row is None:
        msg = f"there is no version {number} of the plan"
        raise NoSuchVersionError(msg)
    return contract_of(row)


def history(*, limit: int = 100, before: int | None = None) -> tuple[SavedVersion, ...]:
    """Return the versions without their plans, newest first; `before` a number goes on from there."""
    rows = Version.objects.select_related("saved_by")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return tuple(_saved(row) for row in rows[:limit])


def differences(older: int, newer: int) -> tuple[Change, ...]:
    """Return what differs between two versions; 0 stands for no plan. Raises `NoSuchVersionError`."""
    return parts.changes_between(version(older).plan if older else None, version(newer).plan)


def edits_of(kind: str, key: str) -> tuple[Edit, ...]:
    """Return what happened to one part, newest first; empty where it never was in the plan.

    `kind` is the list it stands in: `touchpoints`, `journeys`, `goals`, `funnels` or `promises`.
    """
    found: list[Edit] = []
    before: Mapping[tuple[str, str], dict[str, object]] = {}
    for row, content in store.states_of(kind, key):
        after = {} if content is None else {(kind, key): content}
        found.append(Edit(_saved(row), tuple(parts.changes_of_parts(before, after))))
        before = after
    return tuple(reversed(found))


def edits(*, limit: int = 20, before: int | None = None) -> tuple[Edit, ...]:
    """Return the versions, newest first, each with what it changed against the one before it.

    Only the states that came or went are read, however large the plan; `before` a number goes on from there.
    """
    versions = history(limit=limit, before=before)
    states = store.states_at([one.version for one in versions])
    return tuple(Edit(one, tuple(parts.changes_of_parts(*states[one.version]))) for one in versions)


def newest_of_basis(basis: int) -> Plan | None:
    """Return the newest plan whose figures are those of a basis; None where the basis is unknown."""
    row = Version.objects.filter(basis=basis).first()
    return None if row is None else store.plan_at(row)


def contract_of(row: Version) -> PlanVersion:
    """Turn a row into its contract."""
    saved = _saved(row)
    return PlanVersion(
        version=saved.version,
        plan=store.plan_at(row),
        saved_at=saved.saved_at,
        saved_by=saved.saved_by,
        comment=saved.comment,
        basis=saved.basis,
    )


def _saved(row: Version) -> SavedVersion:
    by = row.saved_by.get_username() if row.saved_by else None
    return SavedVersion(row.number, row.saved_at, by, row.comment, row.basis)
