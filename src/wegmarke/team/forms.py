"""Forms of accounts, in the look of the shell."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    """Name and password. The same words for an unknown name and a wrong password."""

    error_messages = {  # noqa: RUF012 - Django's own shape
        "invalid_login": _("Name or password is not right. Please note upper and lower case."),
        "inactive": _("Name or password is not right. Please note upper and lower case."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Dress the fields."""
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"


class NewPasswordForm(PasswordChangeForm):
    """The password now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Dress the fields."""
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Password now")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 12 characters; not one of the common ones and nothing like your name."
        )
        self.fields["new_password2"].label = _("New password once more")
        self.fields["new_password2"].help_text = ""
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" + (" is-invalid" if name in self.errors else "")
