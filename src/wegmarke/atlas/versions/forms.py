"""What people fill in to bring a plan in or back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wegmarke.atlas.dressing import Dressed

LONGEST_COMMENT = 500
MOST_BYTES = 2_000_000
"""As many as a plan document may have characters; below what a form may hold."""


class CommentForm(Dressed):
    """Why a version is made, and the version it was decided upon."""

    comment = forms.CharField(
        label=_("Why (for the list of versions)"), required=False, max_length=LONGEST_COMMENT
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DocumentForm(Dressed):
    """A plan as YAML: a file, or the text itself."""

    file = forms.FileField(
        label=_("YAML file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml", "class": "form-control"}),
    )
    text = forms.CharField(
        label=_("or the document itself"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "form-control wm-code"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the file, else the text; refuse what is empty, too large or no text."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            cleaned["document"] = cleaned.get("text", "")
        elif file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 2 MB."))
        else:
            try:
                cleaned["document"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(gettext("The file is not UTF-8 text.")) from None
        if not cleaned["document"].strip():
            raise forms.ValidationError(gettext("Choose a file or paste a document."))
        if len(cleaned["document"].encode()) > MOST_BYTES:
            raise forms.ValidationError(gettext("The document is larger than 2 MB."))
        return cleaned


class ApplyForm(CommentForm):
    """A document that was looked at, sent once more to be applied."""

    document = forms.CharField(strip=False, widget=forms.HiddenInput)
