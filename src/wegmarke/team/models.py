"""Accounts of the people who work with Wegmarke (customers live elsewhere)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from wegmarke.team.contracts import ChangeKind, Role

if TYPE_CHECKING:
    from collections.abc import Iterator


_ONLY_ADDED_TO = "the history of accounts is only added to"


class User(AbstractUser):
    """One account. `language` is what they chose; empty follows the browser.

    `role` says what they may do, `department` where in the company they work. Sessions end whenever
    `sessions_ended` is counted up.
    """

    class Language(models.TextChoices):
        """The languages of the product."""

        GERMAN = "de", "Deutsch"
        ENGLISH = "en", "English"

    language = models.CharField(max_length=5, choices=Language, blank=True, default="")

    display_name = models.CharField(_("Display name"), max_length=150, blank=True, default="")
    role = models.CharField(_("Role"), max_length=10, choices=Role, default=Role.VIEWER)
    department = models.CharField(_("Department"), max_length=100, blank=True, default="")
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        """Named as people meet it. The service compares names of any alphabet; this is the last guard."""

        ordering: ClassVar = ["username"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("username"), name="team_one_name_in_any_case")]

    def has_role(self, *roles: Role) -> bool:
        """Say whether the account may do what one of these roles may."""
        return self.is_active and any(Role(self.role).includes(role) for role in roles)

    @property
    def is_editor(self) -> bool:
        """Whether the account may change the plan and import data, for pages that offer it."""
        return self.has_role(Role.EDITOR)

    def get_full_name(self) -> str:
        """Return the name colleagues know."""
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        """Return what each session remembers; sessions that remember something else have ended."""
        return self._counted(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the same under earlier secrets of the installation."""
        yield from map(self._counted, super().get_session_auth_fallback_hash())

    def _counted(self, remembered: str) -> str:
        return f"{remembered}-{self.sessions_ended}" if self.sessions_ended else remembered


class AccountChange(models.Model):
    """One change of an account, kept for good: who, when, what, before and after. Never a password.

    Names stand here as text, not as keys: an entry says what was true then and is never written again.
    """

    at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    account = models.CharField(max_length=150, db_index=True)
    kind = models.CharField(max_length=20, choices=ChangeKind)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        """Name the change."""
        return f"{self.kind} {self.account}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Write a new entry; one that stands is never changed."""
        if not self._state.adding:
            raise TypeError(_ONLY_ADDED_TO)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *_args: object, **_kwargs: object) -> tuple[int, dict[str, int]]:
        """Refuse: what happened stays."""
        raise TypeError(_ONLY_ADDED_TO)
