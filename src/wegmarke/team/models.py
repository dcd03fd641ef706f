"""Accounts of the people who work with Wegmarke (customers live elsewhere)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """One account. `language` is what they chose; empty follows the browser."""

    class Language(models.TextChoices):
        """The languages of the product."""

        GERMAN = "de", "Deutsch"
        ENGLISH = "en", "English"

    language = models.CharField(max_length=5, choices=Language, blank=True, default="")

    class Meta:
        """Named as people meet it."""

        ordering: ClassVar = ["username"]
