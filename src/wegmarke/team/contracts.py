"""What the rooms above know about colleagues: their roles, and the refusal of what a role may not do."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account may do. Each role may do what the ones before it may."""

    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    ADMIN = "admin", _("Administrator")

    @property
    def rank(self) -> int:
        """The place in the order of what may be done."""
        return list(Role).index(self)


class NotAllowedError(PermissionDenied):
    """The account may not do this; nothing was done. Shown as a page of its own (403)."""
