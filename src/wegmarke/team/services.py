"""What is done to accounts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from wegmarke.team.contracts import Role
from wegmarke.team.models import User

if TYPE_CHECKING:
    from datetime import datetime

FIRST_NAME = "admin"
# No letters or digits that are mistaken for one another: the password is read off a screen and typed.
ALPHABET = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ2345679"
GROUPS, GROUP = 4, 5


@dataclass(frozen=True, slots=True)
class FirstLogIn:
    """A freshly made log-in; the password exists in plain words only here, once."""

    username: str
    password: str


def generated_password() -> str:
    """Return 20 random characters in groups of five (some 115 bits)."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


@transaction.atomic
def ensure_first_account(now: datetime, *, username: str = FIRST_NAME) -> FirstLogIn | None:
    """Make the first account if there is none at all; None when somebody can log in already."""
    if User.objects.exists():
        return None
    password = generated_password()
    User.objects.create_user(username, password=password, role=Role.ADMIN, date_joined=now)
    return FirstLogIn(username, password)


@transaction.atomic
def set_new_password(username: str) -> FirstLogIn:
    """Give an account a new generated password, ending its sessions; User.DoesNotExist for a strange name."""
    user = User.objects.select_for_update().get(username=username)
    password = generated_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    return FirstLogIn(username, password)


def choose_language(user: User, language: str) -> None:
    """Remember the language an account reads in."""
    User.objects.filter(pk=user.pk).update(language=User.Language(language))
