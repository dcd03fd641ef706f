from __future__ import annotations

import numpy as np
import pytest
from discovery_samples import sampled

from wegmarke.atlas.discovery.splitting import association, splits_of, steadiness

RANDOM = np.random.default_rng(5)
CAMPAIGNS = ("spring sale", "winback", "welcome")


def pick(*values):
    return values[int(RANDOM.integers(len(values)))]


def key_of(name, told_by=None, others=()):
    telling = splits_of([name, *others], told_by or {}).get(name.name)
    return None if telling is None else telling.split.key


def events(write, count=400):
    return [(int(RANDOM.integers(100)), write(at)) for at in range(count)]


def test_campaigns_of_a_mail_are_told_apart():
    name = sampled(
        "email_delivered",
        events(
            lambda at: {"campaign": pick(*CAMPAIGNS), "message_id": f"m-{at}", "opened": pick(True, False)}
        ),
    )
    assert key_of(name) == "campaign"


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ("ticket_created", "category"),
        ("Anfrage erstellt", "anliegen"),
        ("page_viewed", "path"),
        ("feature_used", "name"),
        ("Notification Sent", "type"),
        ("Mailing zugestellt", "mailing.campaign"),
    ],
)
def test_names_say_what_tells_things_apart(event, key):
    first, _, second = key.partition(".")
    values = ("/help/a", "/help/b", "/cart") if key == "path" else ("late", "broken", "unclear")

    def write(_at):
        return {first: {second: pick(*values)} if second else pick(*values), "lot": pick("red", "blue")}

    assert key_of(sampled(event, events(write))) == key


@pytest.mark.parametrize(
    "values",
    [
        lambda at: f"{at}",
        lambda at: f"id-{at:09d}",
        lambda at: f"2026-01-{at % 28 + 1:02d}T10:00:00",
        lambda _at: round(float(RANDOM.uniform(1, 99)), 2),
        lambda at: f"free text number {chr(97 + at % 26)}{chr(97 + at // 26 % 26)} {chr(97 + at % 7)}",
        lambda _at: pick(True, False),
        lambda _at: ["a", "b"],
        lambda _at: pick("A", "B"),
    ],
    ids=["numbers", "ids", "moments", "amounts", "free text", "truths", "lists", "codes"],
)
def test_what_names_nothing_splits_nothing(values):
    assert key_of(sampled("email_delivered", events(lambda at: {"campaign": values(at)}))) is None


def test_properties_of_person_and_device_split_nothing():
    name = sampled(
        "order_placed",
        events(
            lambda _at: {
                "browser": pick("Firefox", "Chrome"),
                "country": pick("DE", "AT"),
                "lot": pick("x1", "y1"),
            }
        ),
    )
    assert key_of(name) is None


def test_an_unknown_property_that_stays_with_the_person_splits_nothing():
    name = sampled(
        "contacted",
        [(at % 50, {"circle": ("north", "south")[at % 2]}, ("a", "b")[at % 2]) for at in range(400)],
    )
    assert key_of(name) is None


def test_an_unknown_property_tells_apart_what_comes_after_different_things():
    kinds = ("refund", "lost", "advice")
    rows = [(int(RANDOM.integers(100)), {"xref": kinds[at % 3]}, f"before {at % 3}") for at in range(400)]
    noise = [(int(RANDOM.integers(100)), {"xref": pick(*kinds)}, pick("a", "b", "c")) for _ in range(400)]
    assert key_of(sampled("contacted", rows)) == "xref"
    assert key_of(sampled("contacted", noise)) is None


def test_what_the_plan_already_tells_apart_by_counts_most():
    name = sampled("contact", events(lambda _at: {"days": pick(30, 60, 90), "campaign": pick(*CAMPAIGNS)}))
    assert key_of(name) == "campaign"
    assert key_of(name, {"contact": frozenset({"days"})}) == "days"


def test_a_property_of_nearly_all_events_describes_the_situation():
    names = [
        sampled(
            f"thing {at}",
            [
                (person % 97, {"part": ("head", "foot")[person % 2]}, ("a", "b")[person % 2])
                for person in range(300)
            ],
        )
        for at in range(6)
    ]
    assert splits_of(names, {}) == {}


def test_what_follows_a_mail_is_told_apart_as_the_mail():
    mail = sampled("email_delivered", events(lambda _at: {"campaign": pick(*CAMPAIGNS), "kind": "x"}))
    opened = sampled(
        "email_opened", events(lambda _at: {"campaign": pick(*CAMPAIGNS), "subject": pick("one", "two")})
    )
    found = splits_of([mail, opened], {})
    assert {name: telling.split.key for name, telling in found.items()} == {
        "email_delivered": "campaign",
        "email_opened": "campaign",
    }


def test_association_is_nought_for_chance_and_one_for_certainty():
    left = [at % 4 for at in range(400)]
    assert association(left, left) == pytest.approx(1)
    assert association(left, [pick(1, 2, 3) for _ in left]) == 0
    assert association(left, ["same"] * 400) == 0
    assert association([None] * 5, [1] * 5) == 0
    assert association([], []) == 0


def test_steadiness_is_kappa_of_neighbours():
    persons = [at // 4 for at in range(400)]
    assert steadiness(persons, [("a", "b")[person % 2] for person in persons]) == pytest.approx(1)
    assert abs(steadiness(persons, [pick("a", "b") for _ in persons])) < 0.15
    assert steadiness([1, 2], ["a", "b"]) == 0
