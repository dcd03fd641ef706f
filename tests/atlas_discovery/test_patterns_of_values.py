from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.atlas.discovery.patterns import ANY, called_alike, endings, path_forms, text_forms
from wegmarke.record.conditions import holds
from wegmarke.record.contracts import Condition, Operator


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("spring_sale", "spring_sale"),
        ("Ihre Bestellung 48213 ist unterwegs", "Ihre Bestellung * ist unterwegs"),
        ("newsletter 2026-03-01", "newsletter *"),
        ("order-9f8e7d6c5b4a", "order-*"),
        ("mail an kim@example.org", "mail an *"),
        ("step 2", "step 2"),
        ("48213", None),
        ("9f8e7d6c-5b4a-4c3d-8e7f-123456789abc", None),
        ("2026-03-01T12:00:00Z", None),
        ("12,99", None),
        ("", None),
        (True, None),
        (3, None),
    ],
)
def test_ids_and_dates_leave_a_label(value, form):
    assert text_forms([value], numbers=False)(value) == form


def test_a_few_numbers_are_a_series_and_many_are_one_thing_again():
    few = text_forms([f"reminder {n}" for n in (30, 60, 90)], numbers=False)
    many = text_forms([f"newsletter {n:02d}" for n in range(1, 53)], numbers=False)
    assert few("reminder 60") == "reminder 60"
    assert many("newsletter 07") == "newsletter *"


def test_numbers_count_where_the_property_names_a_series():
    assert text_forms([30, 60], numbers=True)(60) == 60


PATHS = {
    **{f"/product/lamp-{n}": 3 for n in range(40)},
    **{f"/product/lamp-{n}/reviews": 2 for n in range(40)},
    **{f"/account/orders/{n}": 1 for n in range(7)},
    "/help/returns": 20,
    "/help/shipping": 20,
    "/de/cart": 9,
    "/en/cart": 9,
    "/": 50,
}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/product/lamp-7", "/product/*"),
        ("/product/never-seen", "/product/*"),
        ("/product/lamp-7/reviews", "/product/*/reviews"),
        ("/account/orders/123456", "/account/orders/*"),
        ("/help/returns", "/help/returns"),
        ("/help/returns?utm_source=x#top", "/help/returns"),
        ("/de/cart", "/*/cart"),
        ("/en/cart/", "/*/cart"),
        ("/", "/"),
        ("no path", None),
        (7, None),
    ],
)
def test_paths_lose_ids_and_what_has_too_many_names(path, form):
    assert path_forms(PATHS)(path) == form


def test_sites_are_kept_apart():
    forms = path_forms({"https://a.example/x": 1, "https://b.example/x": 1})
    assert forms("https://a.example/x?y=1") == "https://a.example/x"


def test_endings_say_what_follows_the_forms():
    forms = path_forms({"/a": 1})
    assert endings(["/a", "/a/", "/a?x=1", "/b#top"], forms) == {"", "/", "?*", "#*"}


@given(
    st.lists(st.from_regex(r"(/[a-z0-9-]{1,12}){1,4}/?(\?[a-z]=[a-z0-9/]{1,5})?", fullmatch=True), min_size=1)
)
def test_a_path_matches_its_own_form_with_one_of_the_endings(paths):
    forms = path_forms(dict.fromkeys(paths, 1))
    found = endings(paths, forms)
    for path in paths:
        if "/" in path.partition("?")[2]:
            continue  # a star stops at a slash
        form = forms(path)
        rules = [Condition("path", Operator.LIKE, form.rstrip("/") + ending or "/") for ending in found]
        assert any(holds(rule, path) for rule in rules)


@given(st.text(max_size=60))
def test_any_text_has_a_form_that_matches_it_or_none(text):
    form = text_forms([text], numbers=False)(text)
    if form is not None:
        operator = Operator.LIKE if ANY in form else Operator.IS
        assert holds(Condition("x", operator, form), text)


def test_event_names_with_ids_in_them_are_one_name():
    many = [f"order_{48213 + at}_viewed" for at in range(20)]
    found = called_alike([*many, "form_1099_opened", "cart_viewed", "a*b", ""])
    assert found == dict.fromkeys(many, "order_*_viewed")
