"""Names that mean the same are found; names that mean something else are left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.plan.likeness import Known, near, same

SAME = [
    ("Angebots-E-Mail", "Angebotsmail"),
    ("Willkommens-E-Mail", "Willkommensmail"),
    ("E-Mail Erinnerung", "Mail-Erinnerung"),
    ("Email reminder", "E-mail reminders"),
    ("Kündigung", "Kuendigung"),
    ("Kündigung", "KÜNDIGUNGEN"),
    ("Läden", "Laden"),
    ("Verträge", "Vertrag"),
    ("Rechnung", "Rechnungen"),
    ("Reklamationen", "Reklamation"),
    ("Anruf der Hotline", "Hotline-Anruf"),
    ("Hotline Anruf", "Anruf bei der Hotline"),
    ("Store visit", "Store visits"),
    ("Sign-up", "Signup"),
    ("Check-out", "Checkout"),
    ("Website", "Webseite"),
    ("Beratungsgespräch", "Beratungs-Gespräch"),
    ("Messe und Event", "Messe & Event"),
    ("Category pages", "Category page"),
    ("Straße", "STRASSE"),
    ("Café", "Cafe\u0301"),
    ("Tel. Beratung", "Telefon-Beratung"),
]
NEAR = [
    ("Rechnung", "Rechung"),
    ("Bestellbestätigung", "Bestellbestaetigng"),
    ("Cancellation", "Cancelation"),
    ("Call center", "Call centre"),
    ("Newsletter", "Newsletetr"),
    ("Willkommen Mail", "Willkommensmail"),
    ("Onboarding-Gespräch Woche 1", "Onbording-Gespräch Woche 1"),
]
OTHER = [
    ("Anmeldung", "Abmeldung"),
    ("Newsletter-Anmeldung", "Newsletter-Abmeldung"),
    ("Newsletteranmeldung", "Newsletterabmeldung"),
    ("Newsletter", "Newsletter-Anmeldung"),
    ("Log-in", "Log-out"),
    ("Opt-in", "Opt-out"),
    ("Mail vor dem Kauf", "Mail nach dem Kauf"),
    ("Mail nach 30 Tagen", "Mail nach 60 Tagen"),
    ("Onboarding week 1", "Onboarding week 2"),
    ("Bestellbestätigung", "Versandbestätigung"),
    ("Angebot", "Angebot angenommen"),
    ("Inbound call", "Outbound call"),
    ("Trial start", "Trial end"),
    ("SMS", "MMS"),
    ("Support per Chat", "Support per App"),
    ("Einladung", "Entladung"),
    ("Zahlungserinnerung", "Terminerinnerung"),
    ("Vertragsbeginn", "Vertragsende"),
    ("Subscription started", "Unsubscription started"),
    ("Bezahlt", "Unbezahlt"),
    ("Upgrade", "Update"),
    ("Kontoeröffnung", "Kontoschließung"),
    ("Preisanfrage", "Preisansage"),
    ("😀", "🎉"),
    ("購入", "解約"),
    ("Renewal 90 days before", "Renewal 60 days before"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_other_words_is_the_same(one, other):
    assert same(one, other)
    assert Known([("k", one)]).alike(other)[0].same


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_a_typing_mistake_is_near(one, other):
    assert near(one, other)
    assert not same(one, other)
    assert [found.same for found in Known([("k", one)]).alike(other)] == [False]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_means_something_else_is_neither(one, other):
    assert not near(one, other)
    assert not near(other, one)
    assert Known([("k", one)]).alike(other) == ()


WORDS = st.sampled_from(
    [
        "Anmeldung",
        "Abmeldung",
        "Mail",
        "E-Mail",
        "der",
        "Rechnung",
        "Rechung",
        "Laden",
        "Läden",
        "Woche 1",
        "2",
    ]
)
PHRASES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join) | st.text(max_size=20)


@given(PHRASES, PHRASES)
def test_likeness_goes_both_ways_and_every_name_is_like_itself(one, other):
    assert same(one, one)
    assert near(one, other) == near(other, one)


@given(st.lists(PHRASES, max_size=12), PHRASES)
def test_looking_up_finds_what_comparing_with_each_finds(names, name):
    known = Known((str(at), one) for at, one in enumerate(names))
    slow = {str(at): same(one, name) for at, one in enumerate(names) if near(one, name)}
    assert {found.key: found.same for found in known.alike(name)} == slow


@st.composite
def mistyped(draw):
    """Return a name and the same with up to three letters changed, swapped, doubled or left out."""
    name = " ".join(
        draw(
            st.lists(
                st.sampled_from(["Bestellbestaetigung", "Mail", "Kundentag", "Laden"]), min_size=1, max_size=3
            )
        )
    )
    letters = list(name)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(letters) - 2))
        letters[at : at + 2] = draw(
            st.sampled_from(
                [letters[at + 1 : at - 1 : -1] or letters[1::-1], [letters[at]], ["x", letters[at]], [" "]]
            )
        )
    return name, "".join(letters)


@given(st.lists(mistyped(), min_size=1, max_size=4))
def test_looking_up_overlooks_no_typing_mistake(pairs):
    known = Known((str(at), name) for at, (name, _) in enumerate(pairs))
    for _, other in pairs:
        slow = {str(at): same(name, other) for at, (name, _) in enumerate(pairs) if near(name, other)}
        assert {found.key: found.same for found in known.alike(other)} == slow


def test_many_thousand_names_are_compared_without_comparing_each_with_each():
    names = [f"{word} {other} {n}" for n in range(200) for word in "abcdefghij" for other in "klmnopqrst"]
    begun = time.process_time()
    known = Known((name, name) for name in names)
    assert all(known.alike(name)[0].key == name for name in names[::100])
    assert len(names) == 20_000
    assert time.process_time() - begun < 20
