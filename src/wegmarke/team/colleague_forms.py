"""Forms in which administrators add and change colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wegmarke.team import queries
from wegmarke.team.contracts import Role
from wegmarke.team.wording import ALLOWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.safestring import SafeString

    from wegmarke.team.contracts import Account


class AccountForm(forms.Form):
    """Who somebody is and what they may do.

    Each field travels with the value it was shown with. So only what this person altered is changed, and what
    a colleague altered in the meantime stays.
    """

    display_name = forms.CharField(
        label=_("Display name"), max_length=150, required=False, help_text=_("As colleagues know them.")
    )
    email = forms.EmailField(label=_("Mail address"), max_length=254, required=False)
    department = forms.CharField(label=_("Department"), max_length=100, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, initial=Role.VIEWER, widget=forms.RadioSelect
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """Dress the fields."""
        super().__init__(data, **kwargs)
        self.departments = queries.departments()
        for field in self.fields.values():
            field.show_hidden_initial = True
            radio = isinstance(field.widget, forms.RadioSelect)
            field.widget.attrs |= {"class": "form-check-input" if radio else "form-control"}
            if not radio:
                field.widget.attrs["autocomplete"] = "off"
        self.fields["department"].widget.attrs["list"] = "departments"

    @staticmethod
    def initial_of(account: Account) -> dict[str, str]:
        """Return what the form shows of an account; a display name nobody gave is left empty."""
        named = account.display_name != account.username
        return {
            "display_name": account.display_name if named else "",
            "email": account.email,
            "department": account.department,
            "role": account.role,
        }

    @property
    def role_rows(self) -> Iterator[tuple[Any, object]]:
        """Yield each role's button and what the role allows."""
        for button, role in zip(self["role"], Role, strict=True):
            yield button, ALLOWS[role]

    @property
    def role_as_shown(self) -> SafeString:
        """Return the role the form was shown with, as a hidden field; the buttons are drawn one by one."""
        return self["role"].as_hidden(only_initial=True)

    def altered(self) -> dict[str, str]:
        """Return the fields this person altered."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class NewAccountForm(AccountForm):
    """The same with the name to log in with."""

    field_order = ("username",)
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("To log in with: letters, digits and @ . + - _ only. It cannot be changed later."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
