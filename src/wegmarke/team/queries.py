"""What pages and other rooms ask about colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.team.contracts import Account, AccountChange, ChangeKind, Colleague, NoSuchAccountError, Role
from wegmarke.team.models import AccountChange as Entry
from wegmarke.team.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHANGES = 100


def colleagues() -> tuple[Colleague, ...]:
    """Return everybody with an account, the active ones first, then by name."""
    found = (
        Colleague(user.username, user.get_full_name(), user.department, Role(user.role), user.is_active)
        for user in User.objects.all()
    )
    return tuple(sorted(found, key=_place))


def departments() -> tuple[str, ...]:
    """Return the names of the departments active colleagues work in, in order."""
    used = User.objects.filter(is_active=True).exclude(department="").order_by()
    return tuple(sorted(used.values_list("department", flat=True).distinct(), key=str.casefold))


def accounts() -> tuple[Account, ...]:
    """Return all accounts as administrators see them, in the order of `colleagues`."""
    return tuple(sorted(map(account_of, User.objects.all()), key=_place))


def account(account_id: int) -> Account:
    """Return one account; raises `NoSuchAccountError`."""
    row = User.objects.filter(pk=account_id).first()
    if row is None:
        raise NoSuchAccountError(str(account_id))
    return account_of(row)


def account_of(row: User) -> Account:
    """Return a row as pages show it."""
    return Account(
        username=row.username,
        display_name=row.get_full_name(),
        department=row.department,
        role=Role(row.role),
        active=row.is_active,
        id=row.pk,
        email=row.email,
        last_log_in=row.last_login,
    )


def history(
    *, of: str = "", skip: int = 0, limit: int = MOST_CHANGES
) -> tuple[Sequence[AccountChange], bool]:
    """Return changes of accounts, newest first, and whether there are older ones; `of` names one account."""
    rows = Entry.objects.filter(account=of) if of else Entry.objects.all()
    found = [
        AccountChange(row.at, row.by, row.account, ChangeKind(row.kind), row.before, row.after)
        for row in rows[skip : skip + limit + 1]
    ]
    return tuple(found[:limit]), len(found) > limit


def _place(one: Colleague) -> tuple[bool, str, str]:
    return not one.active, one.display_name.casefold(), one.username
