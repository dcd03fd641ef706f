"""Accounts of the people who work with Wegmarke (customers live elsewhere)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from wegmarke.team.contracts import Role


class User(AbstractUser):
    """One account. `language` is what they chose; empty follows the browser.

    `role` says what they may do, `department` where in the company they work.
    """

    class Language(models.TextChoices):
        """The languages of the product."""

        GERMAN = "de", "Deutsch"
        ENGLISH = "en", "English"

    language = models.CharField(max_length=5, choices=Language, blank=True, default="")

    role = models.CharField(_("Role"), max_length=10, choices=Role, default=Role.VIEWER)
    department = models.CharField(_("Department"), max_length=100, blank=True, default="")

    class Meta:
        """Named as people meet it."""

        ordering: ClassVar = ["username"]

    def has_role(self, role: Role) -> bool:
        """Say whether the account may do what `role` may."""
        return self.is_active and Role(self.role).rank >= role.rank
