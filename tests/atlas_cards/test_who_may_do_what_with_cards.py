"""Viewers read, owners edit their own touchpoints, editors all; every address and role, own and foreign."""

from dataclasses import replace

import pytest
from card_plans import full_plan
from django.utils import timezone

from support.insights import analysis
from support.sending import fields_of
from wegmarke.atlas.cards.urls import urlpatterns
from wegmarke.plan import queries
from wegmarke.plan import services as plans
from wegmarke.plan.evidence import queries as evidence_queries
from wegmarke.plan.evidence import services as evidence
from wegmarke.plan.evidence.contracts import Grade, Kind, Statement
from wegmarke.record.contracts import BindingRule
from wegmarke.team.contracts import NotAllowedError
from wegmarke.team.models import User

pytestmark = pytest.mark.django_db

WAYS = {
    # name of the address: (address, method, what is sent, who may)
    "touchpoint": ("/map/touchpoints/checkout/", "get", {}, "all"),
    "touchpoint-history": ("/map/touchpoints/checkout/history/", "get", {}, "all"),
    "evidence": ("/map/evidence/", "get", {}, "all"),
    "evidence-file": ("/map/evidence/evidence.csv", "get", {}, "all"),
    "touchpoint-edit": ("/map/touchpoints/checkout/edit/", "get", {}, "owner"),
    "touchpoint-edit POST": (
        "/map/touchpoints/checkout/edit/",
        "post",
        {"name_en": "x", "based_on": "2"},
        "owner",
    ),
    "touchpoint-preview": ("/map/touchpoints/checkout/preview/", "post", {"rule-0-event": "*"}, "editor"),
    "touchpoint-restore": ("/map/touchpoints/checkout/restore/", "post", {"version": "1"}, "owner"),
    "touchpoint-status": ("/map/touchpoints/checkout/status/", "post", {"status": "retired"}, "owner"),
    "evidence-edit": ("/map/evidence/{evidence}/", "get", {}, "owner"),
    "evidence-edit POST": (
        "/map/evidence/{evidence}/",
        "post",
        {"text": "x", "kind": "note", "grade": "assumed", "touchpoints": ["checkout"]},
        "owner",
    ),
    "evidence-erase": ("/map/evidence/{evidence}/erase/", "get", {}, "owner"),
    "evidence-erase POST": ("/map/evidence/{evidence}/erase/", "post", {}, "owner"),
    "evidence-new": ("/map/evidence/new/", "get", {}, "any owner"),
    "touchpoint-new": ("/map/touchpoints/new/", "get", {}, "editor"),
    "touchpoint-new POST": ("/map/touchpoints/new/", "post", {"name_en": "x"}, "editor"),
    "touchpoint-new-preview": ("/map/touchpoints/new/preview/", "post", {"rule-0-event": "x"}, "editor"),
    "touchpoint-remove": ("/map/touchpoints/checkout/remove/", "get", {}, "editor"),
    "touchpoint-remove POST": ("/map/touchpoints/checkout/remove/", "post", {}, "editor"),
}
ALLOWED = {
    "all": {"viewer", "owner", "foreign owner", "editor", "admin"},
    "owner": {"owner", "editor", "admin"},
    "any owner": {"owner", "foreign owner", "editor", "admin"},
    "editor": {"editor", "admin"},
}
PEOPLE = {
    "viewer": ("vera", "viewer"),
    "owner": ("Olga", "viewer"),
    "foreign owner": ("fritz", "viewer"),
    "editor": ("kim", "editor"),
    "admin": ("ada", "admin"),
}


@pytest.fixture
def quote(store):
    plan = full_plan()
    foreign = {"app": ("fritz",)}
    touchpoints = tuple(replace(one, owners=foreign.get(one.key, one.owners)) for one in plan.touchpoints)
    store(replace(analysis(), plan=replace(plan, touchpoints=touchpoints)))
    checkout = queries.current().plan.touchpoint("checkout")
    plans.change_touchpoint(replace(checkout, minutes=3.0), based_on=1, by=None, now=timezone.now())
    return evidence.note(
        Statement(Kind.NOTE, Grade.ASSUMED, "It takes long.", touchpoints=("checkout",)),
        by=None,
        now=timezone.now(),
    )


def test_every_address_is_enumerated():
    assert {name.removesuffix(" POST") for name in WAYS} == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("way", WAYS)
def test_who_may(quote, log_in, way, person):
    address, method, sent, who = WAYS[way]
    name, role = PEOPLE[person]
    client = log_in(role, name)
    answer = getattr(client, method)(address.format(evidence=quote.id), sent)
    if person in ALLOWED[who]:
        assert answer.status_code in {200, 302, 409}
    else:
        assert answer.status_code == 403
        assert queries.current().version == 2
        assert evidence_queries.evidence(quote.id) == quote


@pytest.mark.parametrize("way", WAYS)
def test_nobody_does_anything_without_a_log_in(quote, client, way):
    address, method, sent, _who = WAYS[way]
    answer = getattr(client, method)(address.format(evidence=quote.id), sent)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/log-in/")


def test_a_viewer_sees_no_way_to_edit(quote, log_in):
    page = log_in("viewer", "vera").get("/map/touchpoints/checkout/").content.decode()
    assert "/edit/" not in page
    assert "/evidence/new/" not in page
    assert "/remove/" not in page


def test_an_owner_edits_a_card_but_not_its_binding_rules(quote, log_in):
    client = log_in("viewer", "olga")
    edit = "/map/touchpoints/checkout/edit/"
    page = client.get(edit).content.decode()
    assert "Only editors change these rules" in page
    fields = fields_of(page, "card-form")
    assert not [name for name in fields if name.startswith("rule-")]
    before = queries.current().plan.touchpoint("checkout")
    assert client.post(edit, {**fields, "minutes": "7", "rule-0-event": "*"}).status_code == 302
    after = queries.current().plan.touchpoint("checkout")
    assert after.minutes == 7
    assert after.rules == before.rules


def test_no_way_to_the_preview_of_rules_is_open_to_an_owner(quote, log_in):
    client = log_in("viewer", "olga")
    edit = "/map/touchpoints/checkout/edit/"
    fields = fields_of(client.get(edit).content.decode(), "card-form")
    sent = {**fields, "rule-0-event": "*", "do": "preview"}
    assert client.post(edit, sent).status_code == 403
    checkout = "/map/touchpoints/checkout/preview/"
    assert client.post(f"{checkout}?understood=1", {"rule-0-event": "*"}).status_code == 200


def test_the_services_keep_owners_from_binding_rules(quote, log_in):
    log_in("viewer", "olga")
    olga = User.objects.get(username="olga")
    checkout = queries.current().plan.touchpoint("checkout")
    signed = {"by": olga, "now": timezone.now()}
    everything = replace(checkout, rules=(BindingRule("*"),))
    with pytest.raises(NotAllowedError):
        plans.change_touchpoint(everything, based_on=2, **signed)
    with pytest.raises(NotAllowedError):
        plans.change_touchpoints({"checkout"}, lambda _one: everything, **signed)
    assert plans.change_touchpoint(replace(checkout, minutes=9.0), based_on=2, **signed).version == 3


def test_an_owner_may_give_a_touchpoint_away_but_then_edits_no_more(quote, log_in):
    client = log_in("viewer", "olga")
    edit = "/map/touchpoints/checkout/edit/"
    fields = fields_of(client.get(edit).content.decode(), "card-form")
    assert client.post(edit, {**fields, "owners": ["fritz"]}).status_code == 302
    assert client.get(edit).status_code == 403


def test_an_owner_may_note_evidence_about_own_touchpoints_only(quote, log_in):
    client = log_in("viewer", "olga")
    page = client.get("/map/evidence/new/?touchpoint=checkout").content.decode()
    assert 'value="checkout"' in page
    assert 'value="app"' not in page
    sent = {"text": "x", "kind": "note", "grade": "assumed"}
    assert client.post("/map/evidence/new/", {**sent, "touchpoints": ["app"]}).status_code == 422
    assert client.post("/map/evidence/new/", sent).status_code == 403
    assert client.post("/map/evidence/new/", {**sent, "touchpoints": ["checkout"]}).status_code == 302
