"""Two people edit the same card: nothing is lost, and each sees what the other did."""

from dataclasses import replace

import pytest
from card_plans import full_plan
from django.utils import timezone

from support.insights import analysis
from support.sending import fields_of
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Text
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db
EDIT = "/map/touchpoints/checkout/edit/"


@pytest.fixture
def editor(log_in, store):
    store(replace(analysis(), plan=full_plan()))
    return log_in("editor")


@pytest.fixture
def opened(editor):
    """Return the fields of the form as the first person opened it, on version 1."""
    return fields_of(editor.get(EDIT).content.decode(), "card-form")


def change(**changed):
    """Change the card as somebody else."""
    other, _ = User.objects.get_or_create(username="mira", defaults={"role": "editor"})
    now = queries.current()
    touchpoint = replace(now.plan.touchpoint("checkout"), **changed)
    services.change_touchpoint(touchpoint, based_on=now.version, by=other, now=timezone.now())


def saved():
    return queries.current().plan.touchpoint("checkout")


def test_changes_of_different_fields_are_merged_and_mentioned(editor, opened):
    change(channel="store", timing=Text("zuerst", "first"))
    answer = editor.post(EDIT, {**opened, "department": "Sales"}, follow=True)
    page = answer.content.decode()
    assert (saved().department, saved().channel, saved().timing.en) == ("Sales", "store", "first")
    assert "Kept as well: “Channel”, which mira changed in the meantime." in page
    assert "Kept as well: “Timing”, which mira changed in the meantime." in page


def test_a_conflict_shows_both_sides_who_and_when_and_saves_nothing(editor, opened):
    change(channel="store", purpose=Text("Kasse", "Till"))
    typed = {**opened, "channel": "app", "purpose_en": "Mine", "department": "Sales"}
    answer = editor.post(EDIT, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert saved().channel == "store"
    assert "Somebody changed the same 2 fields while you were editing" in page
    for part in ("mira", "store", "DE: Kasse · EN: Till", "EN: Mine"):
        assert part in page, part
    fields = fields_of(page, "card-form")
    assert (fields["channel"], fields["purpose_en"]) == (["app"], ["Mine"])
    assert fields["department"] == ["Sales"]
    assert fields["based_on"] == ["2"]
    assert fields["choice-channel"] == ["mine"]


def test_each_conflict_is_settled_by_its_own_choice(editor, opened):
    change(channel="store", purpose=Text("Kasse", "Till"), minutes=9.0)
    page = editor.post(EDIT, {**opened, "channel": "app", "purpose_en": "Mine"}).content.decode()
    fields = fields_of(page, "card-form")
    assert editor.post(EDIT, {**fields, "choice-purpose": "theirs"}).status_code == 302
    assert saved().channel == "app"
    assert saved().purpose == Text("Kasse", "Till")
    assert saved().minutes == 9.0


def test_what_others_changed_besides_the_conflict_is_not_overwritten(editor, opened):
    change(channel="store", minutes=9.0)
    page = editor.post(EDIT, {**opened, "channel": "app"}).content.decode()
    fields = fields_of(page, "card-form")
    assert fields["minutes"] == ["9"]
    editor.post(EDIT, fields)
    assert (saved().channel, saved().minutes) == ("app", 9.0)


def test_conflicts_stay_open_while_rows_are_added(editor, opened):
    change(channel="store")
    fields = fields_of(editor.post(EDIT, {**opened, "channel": "app"}).content.decode(), "card-form")
    answer = editor.post(EDIT, {**fields, "choice-channel": "theirs", "do": "add-rule"})
    again = fields_of(answer.content.decode(), "card-form")
    assert again["choice-channel"] == ["theirs"]
    assert "mira" in answer.content.decode()
    editor.post(EDIT, again)
    assert saved().channel == "store"


def test_a_third_change_is_a_conflict_again(editor, opened):
    change(channel="store")
    fields = fields_of(editor.post(EDIT, {**opened, "channel": "app"}).content.decode(), "card-form")
    change(channel="phone")
    answer = editor.post(EDIT, fields)
    assert answer.status_code == 409
    assert saved().channel == "phone"
    assert "phone" in answer.content.decode()


def test_a_touchpoint_removed_meanwhile_keeps_what_was_typed_and_can_be_added_again(editor, opened):
    mira = User.objects.create_user("mira", role="editor")
    bare = replace(queries.current().plan, funnels=(), touchpoints=queries.current().plan.touchpoints)
    services.save(bare, by=None, now=timezone.now())
    services.remove_touchpoints(["checkout"], by=mira, now=timezone.now())
    answer = editor.post(EDIT, {**opened, "channel": "app"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "mira removed this touchpoint" in page
    fields = fields_of(page, "card-form")
    assert fields["channel"] == ["app"]
    assert editor.post(EDIT, {**fields, "do": "create-again"}).status_code == 302
    assert saved().channel == "app"


def test_a_card_whose_phase_is_gone_as_well_stays_on_the_page_with_the_reason(editor, opened):
    services.save(replace(queries.current().plan, funnels=()), by=None, now=timezone.now())
    services.remove_touchpoints(["checkout"], by=None, now=timezone.now())
    plan = queries.current().plan
    touchpoints = tuple(
        replace(one, phases=tuple(key for key in one.phases if key != "look")) for one in plan.touchpoints
    )
    services.save(
        replace(plan, journeys=plan.journeys[:1], touchpoints=touchpoints), by=None, now=timezone.now()
    )
    answer = editor.post(EDIT, {**opened, "channel": "app", "do": "create-again"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no phase “look” in the plan." in page
    assert fields_of(page, "card-form")["channel"] == ["app"]
    assert 'value="create-again"' in page


def test_of_a_removed_card_strangers_are_shown_nothing(editor, log_in):
    services.save(replace(queries.current().plan, funnels=()), by=None, now=timezone.now())
    services.remove_touchpoints(["checkout"], by=None, now=timezone.now())
    client = log_in("viewer", "vera")
    sent = {"based_on": "1", "do": "preview", "rule-0-event": "*"}
    assert client.post(EDIT, sent).status_code == 403


def test_a_form_without_a_sensible_version_is_taken_as_of_now(editor, opened):
    for nonsense in ("", "x", "0", "999", "9" * 5000):
        assert editor.post(EDIT, {**opened, "based_on": nonsense}).status_code == 302
    assert queries.current().version == 1


def test_an_unknown_choice_changes_nothing(editor, opened):
    answer = editor.post(EDIT, {**opened, "choice-nonsense": "theirs", "choice-key": "theirs"})
    assert answer.status_code == 302
    assert queries.current().version == 1
