"""What can be done about accounts: learn from messages, add and remove contacts by hand, take that back.

`by` needs the role of an editor, else `NotAllowedError`; None is the system itself.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wegmarke.people.accounts.contracts import NoSuchMembershipError, NotPossibleError, Said
from wegmarke.people.accounts.models import Account, AccountTrait, Membership
from wegmarke.people.accounts.queries import old_rows
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from wegmarke.people.accounts.contracts import SeenGroup
    from wegmarke.team.models import User

OneT = TypeVar("OneT")

MOST_REASON: Final = 500
MOST_IDENTIFIER: Final = 300
MOST_NAME: Final = 300
AT_ONCE: Final = 500


@transaction.atomic
def learn(groups: Iterable[SeenGroup], *, now: datetime) -> None:
    """Keep what new group messages say; called inside the transaction that moves them to the log.

    The same two again from the same source count up; of several values of a trait the last one stays, and an
    empty one takes it away. Only one process moves messages.
    """
    seen = [one for one in groups if _fits(one.identifier)]
    if not seen:
        return
    rows = _accounts({one.account for one in seen}, now)
    _remember(seen, rows, now)
    _describe(seen, rows, now)


@transaction.atomic
def decide(  # noqa: PLR0913 - all but the two by keyword
    identifier: str, account: str, *, belongs: bool, by: User | None, reason: str, now: datetime
) -> int:
    """Say that somebody belongs to an account or does not, whatever messages say; return the fact's number.

    An account nobody heard of is made. Raises `NotPossibleError` without two ids, `ValidationError` without a
    reason.
    """
    require_role(by, Role.EDITOR)
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise ValidationError(_("Say why, for whoever reads it later."))
    if len(reason) > MOST_REASON:
        raise ValidationError(_("The reason is too long."))
    account = account.replace("\0", "").strip()
    if not account or len(account) > 255 or not identifier or not _fits(identifier):  # noqa: PLR2004 - the column
        raise NotPossibleError(_("A person and an account are needed."))
    row = Membership(
        account=_accounts({account}, now)[account],
        identifier=identifier,
        said=Said.JOINED if belongs else Said.LEFT,
        by=by,
        reason=reason,
        made_at=now,
        last_at=now,
    )
    row.save(force_insert=True)
    return row.pk


@transaction.atomic
def undo(fact: int, *, by: User | None, now: datetime) -> str:
    """Take back what was decided by hand, a second time without effect; return the account's id.

    Raises `NoSuchMembershipError`, and `NotPossibleError` for what messages said.
    """
    require_role(by, Role.EDITOR)
    row = Membership.objects.select_related("account").filter(pk=fact).first()
    if row is None:
        raise NoSuchMembershipError(fact)
    if not Said(row.said).by_hand:
        raise NotPossibleError(_("What messages say cannot be taken back. Remove the contact instead."))
    Membership.objects.filter(pk=fact, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by)
    return row.account.key


@transaction.atomic
def forget(identifiers: Sequence[str], *, naming: str) -> int:
    """Delete who belongs where of some identifiers, and what names them; return how many rows that were.

    `naming` is a regular expression for texts that name them. Accounts nobody belongs to any more go as well.
    """
    gone = 0
    for part in _pieces(list(identifiers)):
        gone += Membership.objects.filter(identifier__in=part).delete()[0]
    for some in _pieces(_naming(AccountTrait.objects.values_list("pk", "value"), naming)):
        gone += AccountTrait.objects.filter(pk__in=some).delete()[0]
    for some in _pieces(_naming(Account.objects.values_list("pk", "name"), naming)):
        Account.objects.filter(pk__in=some).update(name="")
    for some in _pieces(_naming(Membership.objects.values_list("pk", "reason"), naming)):
        Membership.objects.filter(pk__in=some).update(reason="")
    return gone + _drop_empty()


@transaction.atomic
def expire(before: datetime) -> int:
    """Delete who belongs where, where no message said so since a moment; return how many rows that were."""
    return old_rows(before).delete()[0] + _drop_empty()


def _drop_empty() -> int:
    return Account.objects.filter(memberships=None).delete()[0]


def _naming(rows: QuerySet[Any, tuple[int, str]], naming: str) -> list[int]:
    return [pk for pk, text in rows.iterator() if re.search(naming, text)]


def _accounts(keys: Iterable[str], now: datetime) -> dict[str, Account]:
    """Return the rows of some accounts, made where they are new, marked as heard of."""
    listed = sorted(keys)
    found: dict[str, Account] = {}
    for some in _pieces(listed):
        Account.objects.bulk_create(
            [Account(key=key, first_at=now, last_at=now) for key in some], ignore_conflicts=True
        )
        rows = Account.objects.filter(key__in=some)
        rows.update(last_at=now)
        found |= {row.key: row for row in rows}
    return found


def _remember(seen: Sequence[SeenGroup], rows: Mapping[str, Account], now: datetime) -> None:
    counted: Counter[str] = Counter()
    by_key: dict[str, SeenGroup] = {}
    for one in seen:
        key = _key(one)
        by_key.setdefault(key, one)
        counted[key] += 1
    known: set[str] = set()
    for some in _pieces(list(by_key)):
        for row in Membership.objects.filter(key__in=some).only("pk", "key"):
            known.add(row.key or "")
            messages = F("messages") + counted[row.key or ""]
            Membership.objects.filter(pk=row.pk).update(messages=messages, last_at=now)
    new = [_row(key, one, rows, counted[key], now) for key, one in by_key.items() if key not in known]
    Membership.objects.bulk_create(new)


def _row(key: str, one: SeenGroup, rows: Mapping[str, Account], messages: int, now: datetime) -> Membership:
    return Membership(
        account=rows[one.account],
        identifier=one.identifier,
        said=Said.GROUP,
        key=key,
        source=one.source,
        source_name=one.source_name,
        messages=messages,
        made_at=now,
        last_at=now,
    )


def _describe(seen: Sequence[SeenGroup], rows: Mapping[str, Account], now: datetime) -> None:
    """Keep the last value of each trait; only those that changed are written."""
    last: dict[tuple[int, str], tuple[str | None, str]] = {}
    for one in seen:
        for name, value in one.traits.items():
            last[rows[one.account].pk, name] = (value, one.source_name)
    if not last:
        return
    known: dict[tuple[int, str], AccountTrait] = {}
    for some in _pieces(sorted({pk for pk, _name in last})):
        for row in AccountTrait.objects.filter(account_id__in=some):
            known[row.account_id, row.name] = row
    changed = {both: said for both, said in last.items() if _differs(known.get(both), said[0])}
    AccountTrait.objects.filter(pk__in=[known[both].pk for both in changed if both in known]).delete()
    AccountTrait.objects.bulk_create(
        AccountTrait(account_id=pk, name=name, value=value, source_name=source, changed_at=now)
        for (pk, name), (value, source) in changed.items()
        if value is not None
    )
    for (pk, name), (value, _source) in changed.items():
        if name == "name":
            Account.objects.filter(pk=pk).update(name=(value or "")[:MOST_NAME])


def _differs(row: AccountTrait | None, value: str | None) -> bool:
    return (None if row is None else row.value) != value


def _fits(identifier: str) -> bool:
    return len(identifier) <= MOST_IDENTIFIER and "\0" not in identifier


def _key(one: SeenGroup) -> str:
    said = "\0".join((one.identifier, one.account, str(one.source)))
    return blake2b(said.encode(), digest_size=16).hexdigest()


def _pieces(listed: Sequence[OneT]) -> Iterable[Sequence[OneT]]:
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))
