"""Consent is written once, with its proof; it holds for a person under all ids; erasure keeps every no."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from wegmarke.people import queries as people
from wegmarke.people import services as identities
from wegmarke.people.consent import models, queries, services
from wegmarke.people.consent.contracts import (
    Basis,
    Channel,
    Condition,
    How,
    NoSuchPurposeError,
    Preference,
    PurposeKeyTakenError,
    Reason,
    Says,
    Shown,
)
from wegmarke.people.contracts import Kind, SeenLink
from wegmarke.team.contracts import NotAllowedError, Role
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOU, PHONE = "lou", "~a:phone"


@pytest.fixture(autouse=True)
def nothing_remembered():
    people.forget()
    yield
    people.forget()


@pytest.fixture
def wording() -> int:
    return wording_of(Shown.CONSENT)


def wording_of(shown, purpose="advertising", text="I would like to get news by email.") -> int:
    return services.add_wording(purpose=purpose, shown=shown, language="en", text=text, by=None, now=NOW)


def give(who=LOU, at=NOW, *, wording, **more) -> int:
    given = {"purpose": "advertising", "channel": Channel.MAIL, "how": How.FORM, "by": None} | more
    return services.give(who, at=at, wording=wording, now=NOW + HOUR, **given)


def withdraw(who=LOU, at=NOW, **more) -> int:
    given = {"purpose": "advertising", "channel": Channel.MAIL, "by": None} | more
    return services.refuse(who, at=at, now=NOW + HOUR, **given)


def reason(who=LOU, purpose="advertising", channel="mail", now=NOW + HOUR) -> Reason:
    return queries.may_contact(who, purpose, channel, now=now).reason


def test_consent_is_proven_by_when_how_where_and_which_words(wording):
    kim = User.objects.create_user("kim", role=Role.EDITOR)
    number = give(wording=wording, by=kim, place="Shop, desk", note="With the loyalty card")
    decision = queries.may_contact(LOU, "advertising", "mail", now=NOW)
    assert (decision.allowed, decision.number) == (True, number)
    (one,) = queries.standing(LOU, now=NOW).history
    assert (one.at, one.recorded_at, one.how, one.by) == (NOW, NOW + HOUR, How.FORM, "kim")
    assert (one.place, one.note) == ("Shop, desk", "With the loyalty card")
    assert one.wording.text == "I would like to get news by email."


def test_a_no_by_any_id_of_a_person_counts(wording):
    identities.learn([SeenLink(PHONE, LOU, Kind.IDENTIFY, 1, "Shop")], now=NOW)
    give(wording=wording)
    withdraw(PHONE)
    assert reason() == reason(PHONE) == Reason.WITHDRAWN


def test_a_no_on_a_device_of_several_persons_counts_for_each_and_a_yes_for_nobody(wording):
    identities.learn([SeenLink(PHONE, one, Kind.IDENTIFY, 1, "Shop") for one in (LOU, "mia")], now=NOW)
    give(PHONE, wording=wording)
    assert reason("mia") == Reason.NONE
    give("mia", wording=wording)
    give(wording=wording)
    withdraw(PHONE)
    assert reason("mia") == reason() == Reason.WITHDRAWN


def test_unknown_words_are_refused():
    assert reason(purpose="love") == reason(channel="pigeon") == Reason.UNKNOWN
    assert reason(purpose="service") == Reason.NOT_NEEDED


def test_evidence_of_a_sale_is_shown_condition_by_condition():
    told = wording_of(Shown.OBJECTION, text="You can object at any time.")
    services.keep_evidence(LOU, purpose="advertising", sale="Order 1", sold_at=NOW, by=None, now=NOW)
    decision = queries.may_contact(LOU, "advertising", "mail", now=NOW)
    assert set(decision.missing) == {
        Condition.SIMILAR_GOODS,
        Condition.TOLD_AT_COLLECTION,
        Condition.TOLD_AT_USE,
    }
    services.keep_evidence(
        *(LOU,),
        purpose="advertising",
        sale="Order 1",
        sold_at=NOW,
        goods="Boots",
        told_at_collection=told,
        told_at_use=told,
        by=None,
        now=NOW,
    )
    assert reason() == Reason.EXISTING_CUSTOMER
    withdraw(objected=True)
    assert reason() == Reason.OBJECTED


def test_a_text_that_was_shown_never_changes_and_another_is_the_next_version(wording):
    assert wording_of(Shown.CONSENT) == wording
    other = wording_of(Shown.CONSENT, text="News, please.")
    newest, first = queries.purpose("advertising").wordings
    assert (newest.number, newest.version) == (other, 2)
    assert (first.version, first.text) == (1, "I would like to get news by email.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": NOW + 5 * HOUR},
        {"how": How.DOUBLE_OPT_IN},
        {"how": How.DOUBLE_OPT_IN, "requested_at": NOW + HOUR},
        {"purpose": "service"},
        {"purpose": "surveys"},  # the wording is another purpose's
        {"who": " "},
        {"who": "a\0"},
        {"note": "x" * 501},
    ],
)
def test_what_would_prove_nothing_is_not_written_down(wording, wrong):
    with pytest.raises(ValidationError):
        give(wording=wording, **wrong)
    assert not models.ConsentFact.objects.exists()


def test_a_wording_that_tells_of_the_right_to_object_is_no_consent():
    with pytest.raises(ValidationError):
        give(wording=wording_of(Shown.OBJECTION))
    with pytest.raises(ValidationError):
        services.keep_evidence(LOU, purpose="surveys", by=None, now=NOW)


def test_purposes_have_keys_of_their_own_and_names_in_both_languages():
    services.add_purpose(key="post-test", name_de="Panel", name_en=" A  panel ", basis=Basis.CONSENT, by=None)
    assert queries.purpose("post-test").name("en-gb") == "A panel"
    with pytest.raises(PurposeKeyTakenError):
        services.add_purpose(key="surveys", name_de="x", name_en="x", basis=Basis.CONSENT, by=None)
    for wrong in ({"key": "No!"}, {"name_de": " "}):
        with pytest.raises(ValidationError):
            services.add_purpose(
                **{"key": "x", "name_de": "x", "name_en": "x"} | wrong, basis=Basis.CONSENT, by=None
            )
    with pytest.raises(NoSuchPurposeError):
        queries.purpose("love")


def test_editors_write_facts_and_administrators_purposes(wording):
    viewer = User.objects.create_user("vic", role=Role.VIEWER)
    editor = User.objects.create_user("edi", role=Role.EDITOR)
    for refused in (
        lambda: give(wording=wording, by=viewer),
        lambda: withdraw(by=viewer),
        lambda: services.keep_evidence(LOU, purpose="advertising", by=viewer, now=NOW),
        lambda: services.add_purpose(key="x", name_de="x", name_en="x", basis=Basis.CONTRACT, by=editor),
        lambda: services.change_purpose("surveys", name_de="x", name_en="x", valid_days=1, by=editor),
        lambda: services.add_wording(
            purpose="surveys", shown=Shown.CONSENT, language="de", text="x", by=editor, now=NOW
        ),
        lambda: services.mean(
            category="ads", purpose="surveys", channel=Channel.WEB, wording=None, by=editor, now=NOW
        ),
        lambda: services.unmean(meaning=1, by=editor),
    ):
        with pytest.raises(NotAllowedError):
            refused()


def said(at=NOW, *, chosen=False, who=LOU, **categories) -> Preference:
    return Preference(who, at, categories, chosen, 1, "Shop")


@pytest.fixture
def meaning(wording):
    services.mean(
        category="ads", purpose="advertising", channel=Channel.WEB, wording=wording, by=None, now=NOW
    )


def history() -> list[tuple[Says, How]]:
    rows = models.ConsentFact.objects.order_by("pk")
    return [(row.says, row.how) for row in rows]


def test_a_category_nobody_explained_is_listed_and_means_nothing():
    assert services.learn([said(ads=True, chosen=True)], now=NOW) == 0
    assert [(one.name, one.meanings) for one in queries.categories()] == [("ads", ())]


def test_events_that_note_a_consent_again_and_again_keep_it_once(meaning):
    assert services.learn([said(ads=True), said(NOW + HOUR, ads=True)], now=NOW) == 1
    assert services.learn([said(NOW + 2 * HOUR, ads=True)], now=NOW) == 0
    assert reason(channel="web") == Reason.CONSENT


def test_only_a_choice_withdraws_what_was_never_given(meaning):
    assert services.learn([said(ads=False)], now=NOW) == 0
    assert services.learn([said(ads=False, chosen=True)], now=NOW) == 1
    assert reason(channel="web") == Reason.WITHDRAWN


def test_only_a_choice_gives_again_what_was_withdrawn(meaning):
    services.learn([said(ads=True, chosen=True), said(NOW + HOUR, ads=False, chosen=True)], now=NOW)
    services.learn([said(NOW + 2 * HOUR, ads=True)], now=NOW)
    assert reason(channel="web", now=NOW + 3 * HOUR) == Reason.WITHDRAWN
    services.learn([said(NOW + 3 * HOUR, ads=True, chosen=True)], now=NOW)
    assert reason(channel="web", now=NOW + 3 * HOUR) == Reason.CONSENT
    assert history() == [(Says.GIVEN, How.EVENT), (Says.WITHDRAWN, How.EVENT), (Says.GIVEN, How.EVENT)]


def test_another_device_that_has_not_heard_of_a_withdrawal_gives_nothing_back(meaning):
    identities.learn([SeenLink(PHONE, LOU, Kind.IDENTIFY, 1, "Shop")], now=NOW)
    services.learn([said(ads=False, chosen=True)], now=NOW)
    services.learn([said(NOW + HOUR, who=PHONE, ads=True)], now=NOW)
    assert reason(channel="web", now=NOW + HOUR) == Reason.WITHDRAWN


def test_a_late_message_does_not_bring_back_what_was_withdrawn_meanwhile(meaning):
    services.learn([said(NOW + HOUR, ads=False, chosen=True)], now=NOW + HOUR)
    services.learn([said(NOW, ads=True, chosen=True)], now=NOW + HOUR)
    assert reason(channel="web") == Reason.WITHDRAWN


def test_a_category_can_lose_its_meaning(meaning):
    (category,) = queries.categories()
    services.unmean(meaning=category.meanings[0].number, by=None)
    assert services.learn([said(ads=True, chosen=True)], now=NOW) == 0
    with pytest.raises(NoSuchPurposeError):
        services.unmean(meaning=category.meanings[0].number, by=None)


def test_no_more_categories_are_listed_than_a_banner_can_have(monkeypatch):
    monkeypatch.setattr("wegmarke.people.consent.learning.MOST_CATEGORIES", 3)
    services.learn([said(**{f"c{at}": True for at in range(9)})], now=NOW)
    assert len(queries.categories()) == 3


def test_after_erasure_no_name_is_left_a_no_goes_on_and_a_yes_allows_nothing(wording):
    give(wording=wording, at=NOW - HOUR, place="Canary", note="Canary")
    withdraw(note="Canary")
    services.keep_evidence(LOU, purpose="advertising", sale="Canary", by=None, now=NOW)
    erased = services.erase_of([LOU, PHONE], now=NOW)
    assert (erased.facts, erased.proofs) == (3, 2)
    kept = json.dumps(list(models.KeptProof.objects.values()), default=str)
    assert LOU not in kept
    assert "Canary" not in kept
    assert reason() == Reason.WITHDRAWN
    assert services.erase_of([LOU], now=NOW).facts == 0
    give("mia", wording=wording)
    services.erase_of(["mia"], now=NOW)
    assert reason("mia") == Reason.NONE


def test_proof_of_a_consent_is_kept_until_the_third_year_has_ended(wording):
    give(wording=wording)
    withdraw()
    services.erase_of([LOU], now=NOW)
    assert services.drop_old_proofs(now=datetime(2029, 12, 31, tzinfo=UTC)) == 0
    assert services.drop_old_proofs(now=datetime(2030, 1, 1, tzinfo=UTC)) == 1
    assert reason() == Reason.WITHDRAWN


def test_everything_is_given_out_as_plain_values(wording):
    give(wording=wording)
    services.keep_evidence(LOU, purpose="advertising", sale="Order 1", by=None, now=NOW)
    services.erase_of(["mia"], now=NOW)
    given, evidence = json.loads(json.dumps(queries.export_of([LOU])))
    assert (given["kind"], given["says"], given["purpose"]) == ("consent", "given", "advertising")
    assert given["wording"] == "I would like to get news by email."
    assert (evidence["kind"], evidence["sale"]) == ("existing_customer", "Order 1")
    services.erase_of([LOU], now=NOW)
    assert [one["kind"] for one in queries.export_of([LOU])] == ["kept_proof"]


def test_somebody_with_consent_is_found_by_the_beginning_of_their_id(wording):
    give("~a:xyz", wording=wording)
    assert queries.found("xy") == ["~a:xyz"]
    assert queries.found("q") == []
