"""A channel is shown in the reader's language everywhere, and stays in the plan as it was written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import translation

from support.inventory import plan
from wegmarke.atlas import channels

pytestmark = pytest.mark.django_db

CALLED = {"de": "Werbung", "en": "ads"}


@pytest.fixture
def advertised(company):
    """Store the plan with one touchpoint reached through advertising."""
    first, *rest = plan().touchpoints
    return company(touchpoints=(replace(first, channel="Ads"), *rest)).touchpoints[0]


@pytest.mark.parametrize("language", CALLED)
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("touchpoints", '<option value="Ads">{}</option>'),
        ("touchpoints", "<td>{}</td>"),
        ("touchpoint", "{}"),
        ("touchpoint-edit", 'value="{}"'),
    ],
)
def test_every_page_calls_it_in_the_language_of_the_reader(advertised, log_in, language, address, shown):
    keys = [advertised.key] if address.startswith("touchpoint-") or address == "touchpoint" else []
    page = log_in(language=language).get(reverse(f"atlas:{address}", args=keys)).text
    assert shown.format(CALLED[language]) in page


@pytest.mark.parametrize("typed", ["Werbung", "ads", "ADS", "Ads"])
def test_what_is_typed_in_either_language_is_stored_as_the_plan_has_it(typed):
    with translation.override("de"):
        assert channels.stored(typed, [None, "web", "Ads"]) == "Ads"


def test_what_the_plan_does_not_have_is_stored_as_typed():
    with translation.override("de"):
        assert channels.stored("Werbung", ["web"]) == "Werbung"


def test_of_two_spellings_of_one_channel_each_keeps_its_own():
    with translation.override("de"):
        assert channels.stored("E-Mail", ["mail", "email", "E-Mail"], was="email") == "email"


def test_many_are_changed_to_a_channel_the_plan_has(advertised, log_in, now_planned):
    editor = log_in(language="de")
    other = now_planned().touchpoints[1].key
    editor.post(reverse("atlas:touchpoints-change"), {"do": "save", "keys": other, "channel": "Werbung"})
    assert now_planned().touchpoint(other).channel == "Ads"


def test_the_search_of_the_list_finds_it_by_its_name(advertised, log_in):
    page = log_in(language="de").get(reverse("atlas:touchpoints"), {"q": "werbung"}).text
    assert advertised.name.de in page
