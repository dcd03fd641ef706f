"""What is done to accounts, one verb a function. `by` None is the system: whoever sits at the machine.

Each locks the account and all active administrators first, in one order. So two administrators who take the
role from each other come one after the other, and the second is refused; and whoever lost the role a moment
ago can no longer use it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from axes.utils import reset
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wegmarke.team import rules
from wegmarke.team.contracts import (
    ChangeKind,
    FirstLogIn,
    LastAdministratorError,
    NoSuchAccountError,
    NotAllowedError,
    Role,
)
from wegmarke.team.models import AccountChange, User

if TYPE_CHECKING:
    from datetime import datetime

FIRST_NAME = "admin"
# No letters or digits that are mistaken for one another: the password is read off a screen and typed.
ALPHABET = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ2345679"
GROUPS, GROUP = 4, 5
ADMINISTRATORS = Q(role=Role.ADMIN, is_active=True)


def generated_password() -> str:
    """Return 20 random characters in groups of five (some 115 bits)."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


@transaction.atomic
def ensure_first_account(now: datetime, *, username: str = FIRST_NAME) -> FirstLogIn | None:
    """Make the first account if there is none at all; None when somebody can log in already."""
    if User.objects.exists():
        return None
    return create_account(username=username, by=None, now=now, role=Role.ADMIN)


@transaction.atomic
def create_account(  # noqa: PLR0913 - what an account has, by keyword
    *,
    username: str,
    by: User | None,
    now: datetime,
    role: str = Role.VIEWER,
    department: str = "",
    display_name: str = "",
    email: str = "",
) -> FirstLogIn:
    """Add a colleague and return the first log-in; `ValidationError` by field for what cannot be kept."""
    _hold_administrators(by)
    user = User(username=rules.user_name(username), date_joined=now)
    wanted = {"role": role, "department": department, "display_name": display_name, "email": email}
    _set(user, wanted)
    password = generated_password()
    user.set_password(password)
    _refuse_a_taken_name(user.username)
    user.full_clean()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise _taken(user.username) from None
    _keep(user, ChangeKind.CREATED, by=by, now=now, after={name: getattr(user, name) for name in wanted})
    return FirstLogIn(user.username, password)


@transaction.atomic
def change_account(  # noqa: PLR0913 - what an account has, by keyword
    *,
    username: str,
    by: User | None,
    now: datetime,
    role: str | None = None,
    department: str | None = None,
    display_name: str | None = None,
    email: str | None = None,
) -> None:
    """Change what is given; None leaves it. Sessions of an account that may do less from now on end.

    Raises `ValidationError` by field, `LastAdministratorError`, `NoSuchAccountError`.
    """
    user, administrators = _held(username, by)
    given = {"role": role, "department": department, "display_name": display_name, "email": email}
    wanted = {name: value for name, value in given.items() if value is not None}
    before = {name: getattr(user, name) for name in wanted}
    role_before = Role(user.role)
    _set(user, wanted)
    after = {name: getattr(user, name) for name in wanted}
    changed = [name for name in wanted if before[name] != after[name]]
    if not changed:
        return
    user.full_clean(exclude=["username", "password"])
    if not Role(user.role).includes(role_before):
        _keep_one(user, administrators)
        user.sessions_ended += 1
    user.save(update_fields=[*changed, "sessions_ended"])
    old, new = ({name: values[name] for name in changed} for values in (before, after))
    _keep(user, ChangeKind.CHANGED, by=by, now=now, before=old, after=new)


@transaction.atomic
def deactivate_account(*, username: str, by: User | None, now: datetime) -> None:
    """Keep somebody out from now on; their sessions end. Raises `LastAdministratorError`."""
    user, administrators = _held(username, by)
    if not user.is_active:
        return
    _keep_one(user, administrators)
    user.is_active = False
    user.sessions_ended += 1  # or they would live on once the account is active again
    user.save(update_fields=["is_active", "sessions_ended"])
    _keep(user, ChangeKind.DEACTIVATED, by=by, now=now)


@transaction.atomic
def reactivate_account(*, username: str, by: User | None, now: datetime) -> None:
    """Let somebody in again, with the role and the password they had."""
    user, _administrators = _held(username, by)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    _keep(user, ChangeKind.REACTIVATED, by=by, now=now)


@transaction.atomic
def give_new_password(*, username: str, by: User | None, now: datetime) -> FirstLogIn:
    """Give an account a new generated password; its sessions end, and so does a lock after wrong ones."""
    user, _administrators = _held(username, by)
    password = generated_password()
    _set_password(user, password, by=by, now=now)
    reset(username=user.username)
    return FirstLogIn(user.username, password)


@transaction.atomic
def choose_password(*, user: User, password: str, now: datetime) -> None:
    """Let somebody choose their own password, which the form has found good enough; other sessions end."""
    _set_password(User.objects.select_for_update().get(pk=user.pk), password, by=user, now=now)
    user.refresh_from_db()


def choose_language(user: User, language: str) -> None:
    """Remember the language an account reads in."""
    User.objects.filter(pk=user.pk).update(language=User.Language(language))


def _hold_administrators(by: User | None, besides: Q | None = None) -> list[User]:
    """Lock the active administrators, and `besides` them; `NotAllowedError` unless `by` is one of them."""
    wanted = ADMINISTRATORS if besides is None else ADMINISTRATORS | besides
    held = list(User.objects.select_for_update().filter(wanted).order_by("pk"))
    if by is not None and by.pk not in {user.pk for user in held if user.has_role(Role.ADMIN)}:
        raise NotAllowedError
    return held


def _held(username: str, by: User | None) -> tuple[User, list[User]]:
    """Lock and return an account, and all active administrators."""
    held = _hold_administrators(by, Q(username=username))
    user = next((user for user in held if user.username == username), None)
    if user is None:
        raise NoSuchAccountError(username)
    return user, [one for one in held if one.has_role(Role.ADMIN)]


def _keep_one(user: User, administrators: list[User]) -> None:
    """Refuse to lose the only account that can look after accounts."""
    others = [one for one in administrators if one.pk != user.pk]
    if user.pk in {one.pk for one in administrators} and not others:
        raise LastAdministratorError(
            _("%(name)s is the only active administrator. Make somebody else one first.")
            % {"name": user.username}
        )


def _set(user: User, values: dict[str, str]) -> None:
    for name, value in values.items():
        setattr(user, name, rules.tidy(value))
    user.email = User.objects.normalize_email(user.email)


def _set_password(user: User, password: str, *, by: User | None, now: datetime) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    _keep(user, ChangeKind.PASSWORD, by=by, now=now)


def _refuse_a_taken_name(username: str) -> None:
    for name in User.objects.values_list("username", flat=True):
        if rules.same_name(name, username):
            raise _taken(name)


def _taken(name: str) -> ValidationError:
    return ValidationError({"username": _("There is already an account named %(name)s.") % {"name": name}})


def _keep(  # noqa: PLR0913 - what an entry has, by keyword
    user: User,
    kind: ChangeKind,
    *,
    by: User | None,
    now: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    AccountChange.objects.create(
        at=now,
        by=by.username if by else "",
        account=user.username,
        kind=kind,
        before=before or {},
        after=after or {},
    )
