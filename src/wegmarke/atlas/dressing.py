"""Forms that look like the shell."""

from __future__ import annotations

from typing import Any

from django import forms


class Dressed(forms.Form):
    """A form whose controls carry the classes of the shell."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set the class of each control that has none."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", class_of(field.widget))


def class_of(widget: forms.Widget) -> str:
    """Return the class a control has in the shell."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
