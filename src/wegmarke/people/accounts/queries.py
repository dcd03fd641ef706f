"""What can be asked about accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Max, Q

from wegmarke.people import queries as people
from wegmarke.people.accounts.contracts import AccountShown, AccountTrait, Membership, Said
from wegmarke.people.accounts.models import Account
from wegmarke.people.accounts.models import AccountTrait as TraitRow
from wegmarke.people.accounts.models import Membership as Row
from wegmarke.people.accounts.rules import members
from wegmarke.people.said import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

AT_ONCE: Final = 500


def accounts(*, text: str = "", skip: int = 0, limit: int = 50) -> tuple[Sequence[AccountShown], bool]:
    """Return accounts whose id or name begins with a text, or a word of the name, and whether more follow.

    Those heard of last come first.
    """
    rows = Account.objects.annotate(identifiers=Count("memberships__identifier", distinct=True))
    text = text.replace("\0", "").strip()
    if text:
        rows = rows.filter(
            Q(key__istartswith=text) | Q(name__istartswith=text) | Q(name__icontains=f" {text}")
        )
    found = [_shown(row, row.identifiers) for row in rows[skip : skip + limit + 1]]
    return tuple(found[:limit]), len(found) > limit


def account(key: str) -> AccountShown | None:
    """Return one account, or None."""
    if "\0" in key:
        return None
    rows = Account.objects.annotate(identifiers=Count("memberships__identifier", distinct=True))
    row = rows.filter(key=key).first()
    return None if row is None else _shown(row, row.identifiers)


def traits(key: str) -> tuple[AccountTrait, ...]:
    """Return what an account is like, by name."""
    rows = TraitRow.objects.filter(account__key=key).order_by("name")
    return tuple(AccountTrait(row.name, row.value, row.source_name, row.changed_at) for row in rows)


def contacts(key: str) -> tuple[tuple[str, bool], ...]:
    """Return the persons ever named with an account and whether they belong to it now, by name."""
    facts = facts_of(key)
    whose = people.resolution().persons_of(one.identifier for one in facts)
    found = members(facts, whose.__getitem__)
    return tuple(sorted((person, belongs) for (_account, person), belongs in found.items()))


def accounts_of(identifiers: Sequence[str]) -> tuple[tuple[AccountShown, bool], ...]:
    """Return the accounts one person was ever named with, and whether they belong to each now."""
    facts = facts_about(identifiers)
    found = members(facts, lambda _identifier: "")
    rows = Account.objects.filter(key__in=[key for key, _person in found])
    return tuple((_shown(row, 0), found[row.key, ""]) for row in rows)


def facts_of(key: str) -> tuple[Membership, ...]:
    """Return everything said about who belongs to an account, withdrawn facts too, in order."""
    return _facts(Row.objects.filter(account__key=key))


def facts_about(identifiers: Iterable[str]) -> tuple[Membership, ...]:
    """Return everything said about the accounts of some identifiers, withdrawn facts too, in order."""
    return _facts(Row.objects.filter(identifier__in=list(identifiers)))


def mark_of(identifiers: Sequence[str]) -> object:
    """Return a value that changes with what is said about the accounts of some identifiers."""
    rows = Row.objects.filter(identifier__in=identifiers)
    return rows.aggregate(n=Count("pk"), last=Max("pk"), withdrawn=Max("withdrawn_at"))


def count_of(identifiers: Sequence[str]) -> int:
    """Count what is said about the accounts of some identifiers."""
    parts = (identifiers[at : at + AT_ONCE] for at in range(0, len(identifiers), AT_ONCE))
    return sum(Row.objects.filter(identifier__in=part).count() for part in parts)


def identifiers() -> Iterable[str]:
    """Name whoever was ever named with an account."""
    return Row.objects.order_by().values_list("identifier", flat=True).distinct().iterator()


def old_rows(before: datetime) -> QuerySet[Row]:
    """Return what messages said about who belongs where and none has said since a moment."""
    return Row.objects.filter(said=Said.GROUP, last_at__lt=before)


def _facts(rows: QuerySet[Row]) -> tuple[Membership, ...]:
    return tuple(_fact(row) for row in rows.select_related("account", "by", "withdrawn_by"))


def _fact(row: Row) -> Membership:
    return Membership(account=row.account.key, identifier=row.identifier, said=Said(row.said), **told(row))


def _shown(row: Account, identifiers: int) -> AccountShown:
    return AccountShown(row.key, row.name or row.key, identifiers, row.first_at, row.last_at)
