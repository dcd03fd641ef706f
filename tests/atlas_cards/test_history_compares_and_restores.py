"""The history of a touchpoint: every change in words, any two versions compared, values restored."""

from dataclasses import replace

import pytest
from card_plans import FULL, full_plan
from django.utils import timezone

from support.insights import analysis
from support.sending import fields_of
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Text

pytestmark = pytest.mark.django_db
CARD = "/map/touchpoints/checkout/"


@pytest.fixture
def editor(log_in, store):
    store(replace(analysis(), plan=full_plan()))
    client = log_in("editor")
    for version, changed in enumerate(
        ({"channel": "store"}, {"minutes": 9.0, "purpose": Text("Kasse", "Till")}, {"rules": ()}), start=1
    ):
        touchpoint = replace(queries.current().plan.touchpoint("checkout"), **changed)
        services.change_touchpoint(touchpoint, based_on=version, by=None, now=timezone.now())
    return client


def saved():
    return queries.current().plan.touchpoint("checkout")


def test_the_history_begins_with_the_newest_change(editor):
    page = editor.get(f"{CARD}history/").content.decode()
    places = [page.index(f'id="version-{version}"') for version in (4, 3, 2, 1)]
    assert places == sorted(places)
    assert "<code>Payment Entered</code> where <code>step</code> is" in page


def test_two_versions_are_compared_in_words_whichever_is_named_first(editor):
    for address in ("?older=1&newer=3", "?older=3&newer=1"):
        page = editor.get(f"{CARD}history/{address}").content.decode()
        compared = page[page.index('id="compared"') :].split("</section>")[0]
        assert "Version 1 against version 3" in compared
        assert "<del>web</del>" in compared
        assert "<ins>store</ins>" in compared
        assert "Payment Entered" not in compared


def test_nonsense_in_the_address_compares_nothing(editor):
    for address in ("?older=x&newer=99", "?older=1", "?older=1&newer=-1", f"?older=1&newer={'9' * 5000}"):
        answer = editor.get(f"{CARD}history/{address}")
        assert answer.status_code == 200
        assert 'id="compared"' not in answer.content.decode()


def test_owners_are_offered_to_take_back_what_they_may_and_no_rules(editor, log_in):
    touchpoint = replace(saved(), owners=("alex",), experience=())
    services.change_touchpoint(touchpoint, based_on=4, by=None, now=timezone.now())
    page = log_in("viewer", "alex").get(f"{CARD}history/?older=1&newer=5").content.decode()
    assert 'name="before" value="3"' in page
    assert 'name="before" value="4"' not in page
    assert 'name="field" value="channel"' in page
    assert 'name="field" value="experience"' in page
    assert 'name="field" value="events"' not in page


def test_owners_take_back_how_an_experience_is_read(editor, log_in):
    before = saved().experience
    assert before
    touchpoint = replace(saved(), owners=("alex",), experience=())
    services.change_touchpoint(touchpoint, based_on=4, by=None, now=timezone.now())
    log_in("viewer", "alex").post(f"{CARD}restore/", {"version": "4", "field": ["experience"]})
    assert saved().experience == before


def test_chosen_fields_get_their_older_values_again(editor):
    editor.post(f"{CARD}restore/", {"version": "1", "field": ["channel", "events"]})
    assert (saved().channel, saved().rules) == ("web", FULL.rules)
    assert saved().minutes == 9.0
    assert queries.current().comment == "Values of version 1 restored"


def test_with_every_field_everything_is_as_it_was(editor):
    editor.post(f"{CARD}restore/", {"version": "1", "all": "1"})
    assert saved() == FULL


def test_with_every_box_unticked_nothing_is_restored(editor):
    answer = editor.post(f"{CARD}restore/", {"version": "1"}, follow=True)
    assert "Nothing was chosen, so nothing was changed." in answer.content.decode()
    assert queries.current().version == 4


def test_one_change_is_undone_by_itself(editor):
    editor.post(f"{CARD}restore/", {"before": "3"})
    assert (saved().minutes, saved().purpose) == (FULL.minutes, FULL.purpose)
    assert (saved().channel, saved().rules) == ("store", ())


@pytest.mark.parametrize(
    "sent",
    [{}, {"version": "99"}, {"version": "x"}, {"before": "99"}, {"before": "1"}, {"version": "9" * 5000}],
)
def test_a_version_that_never_was_restores_nothing(editor, sent):
    assert editor.post(f"{CARD}restore/", sent).status_code == 404
    assert queries.current().version == 4


def test_values_that_no_longer_fit_are_refused_in_words(editor):
    plan = queries.current().plan
    rest = replace(plan, promises=(), touchpoints=tuple(replace(t, promises=()) for t in plan.touchpoints))
    services.save(rest, by=None, now=timezone.now())
    answer = editor.post(f"{CARD}restore/", {"version": "1", "all": "1"}, follow=True)
    assert "There is no promise “quick” in the plan." in answer.content.decode()
    assert queries.current().version == 5


def test_a_removed_touchpoint_is_brought_back(editor):
    services.save(replace(queries.current().plan, funnels=()), by=None, now=timezone.now())
    services.remove_touchpoints(["checkout"], by=None, now=timezone.now())
    page = editor.get(f"{CARD}history/").content.decode()
    assert "Bring it back as in version 4" in page
    editor.post(f"{CARD}restore/", {"version": "4"})
    assert saved().purpose == Text("Kasse", "Till")
    assert fields_of(editor.get(f"{CARD}edit/").content.decode(), "card-form")["minutes"] == ["9"]


def test_a_reader_compares_but_restores_nothing(editor, log_in):
    client = log_in("viewer", "vera")
    page = client.get(f"{CARD}history/?older=1&newer=3").content.decode()
    assert "<del>web</del>" in page
    assert "/restore/" not in page
