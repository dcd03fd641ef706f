"""Fields with hundreds of choices are written without templates, and come out as Django writes them."""

from __future__ import annotations

import re

import pytest
from django import forms

from wegmarke.ui.selects import ManyOptions
from wegmarke.ui.templatetags.wegmarke import control

CHOICES = [("", "none"), ('a"', "A <b>"), (3, "Three & more")]
ATTRIBUTES = {"class": "form-select", "data-x": '"<'}


class Both(forms.Form):
    """The same field twice: as Django writes it, and by hand."""

    plain = forms.ChoiceField(choices=CHOICES, widget=forms.Select(ATTRIBUTES))
    quick = forms.ChoiceField(choices=CHOICES, widget=ManyOptions(ATTRIBUTES))
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple(ATTRIBUTES))
    rows = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(ATTRIBUTES))


def read(markup: str) -> list[tuple[str, frozenset[str]]]:
    """Return elements with their attributes in any order, and texts; blanks between elements do not count."""
    found = re.findall(r"<(/?\w+)((?:\s+[\w-]+(?:=\"[^\"]*\")?)*)\s*>|([^<>]+)", markup)
    return [
        (name or text.strip(), frozenset(re.findall(r"[\w-]+(?:=\"[^\"]*\")?", attributes)))
        for name, attributes, text in found
        if name or text.strip()
    ]


@pytest.mark.parametrize("chosen", ["", 'a"', "3", "gone"])
def test_a_select_is_written_as_django_does(chosen):
    form = Both({"plain": chosen, "quick": chosen})
    assert read(str(form["quick"]).replace("quick", "plain")) == read(str(form["plain"]))
    assert str(form["quick"]).count(" selected") == (chosen != "gone")


@pytest.mark.parametrize("field", ["boxes", "rows"])
def test_boxes_are_written_as_django_does(field):
    form = Both({"boxes": ['a"', "3"], "rows": "3"})
    assert [read(control(one)) for one in form[field]] == [read(one.tag()) for one in form[field]]
    assert sum("checked" in control(one) for one in form[field]) == (2 if field == "boxes" else 1)
