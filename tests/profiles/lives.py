"""A small firm with a few persons and two accounts, for tests of time lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow as pa
from django.test import Client

from wegmarke.analysis.journeys import Experience
from wegmarke.people import queries as people
from wegmarke.people import services as identities
from wegmarke.people.accounts import services as accounts
from wegmarke.people.accounts.contracts import SeenGroup
from wegmarke.people.consent import services as consent
from wegmarke.people.contracts import Kind, SeenLink
from wegmarke.plan import services as plans
from wegmarke.plan.contracts import Phase, Plan, Text, Touchpoint, one_journey
from wegmarke.plan.rules import bindings_of
from wegmarke.record import services as record
from wegmarke.record.contracts import (
    EVENT_SCHEMA,
    TRAITS_SCHEMA,
    BindingRule,
    Condition,
    ExperienceRule,
    Operator,
)
from wegmarke.team.models import User

if TYPE_CHECKING:
    from wegmarke.team.contracts import Role

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "/people/"
KIM = "kim@example.com"
PHONE = "~a:kims-phone"
LOU = "lou@example.com"
ACME = "acme"
FAILED = (Condition("error", Operator.EXISTS, True),)
PLAN = Plan(
    name=Text(de="Laden", en="Shop"),
    journeys=one_journey(
        Phase("look", Text(de="Suchen", en="Looking")), Phase("buy", Text(de="Kaufen", en="Buying"))
    ),
    touchpoints=(
        Touchpoint(
            "checkout",
            Text(de="Kasse", en="Checkout"),
            phases=("buy",),
            rules=(BindingRule("Order Completed"), BindingRule("Payment Failed")),
            experience=(ExperienceRule(Experience.BAD, FAILED),),
            otherwise=Experience.GOOD,
        ),
        Touchpoint(
            "search",
            Text(de="Suche", en="Search"),
            phases=("look",),
            rules=(BindingRule("Products Searched"),),
        ),
    ),
)


def moment(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def event(person: str, hours: float, name: str, **properties: object) -> dict:
    known = dict.fromkeys(("rating", "scale", "value"))
    known |= {key: properties.pop(key) for key in list(known) if key in properties}
    said = json.dumps(properties) if properties else None
    return {"person": person, "time": moment(hours), "name": name, "properties": said, **known}


def append(key: str, events=(), traits=(), *, at: datetime = NOW) -> None:
    rows = [dict(zip(("person", "name", "value"), one, strict=True)) for one in traits]
    with record.writing() as writer:
        writer.append(
            events=pa.Table.from_pylist(list(events), schema=EVENT_SCHEMA),
            traits=pa.Table.from_pylist(rows, schema=TRAITS_SCHEMA),
            source="Shop",
            batch_key=key,
            now=at,
        )


def live() -> None:
    """Kim looks on the phone, logs in, buys and fails; Lou of the same firm only looks."""
    plans.save(PLAN, by=None, now=NOW)
    append(
        "1",
        [
            event(PHONE, 1, "Products Searched", query="beans"),
            event(KIM, 2, "Payment Failed", error={"code": "card", "tries": 3}),
            event(KIM, 3, "Order Completed", value=27.5, rating=5, scale="csat"),
            event(KIM, 4, "Something New"),
            event(LOU, 5, "Products Searched", query="tea"),
        ],
        [
            (KIM, "name", "Kim Weber"),
            (KIM, "city", "Bremen"),
            (LOU, "firstName", "Lou"),
            (LOU, "lastName", "Otto"),
        ],
    )
    identities.learn([SeenLink(PHONE, KIM, Kind.IDENTIFY, 1, "Shop", 1)], now=moment(1.5))
    consent.refuse(
        KIM, purpose="surveys", channel=None, at=moment(3.5), by=None, now=moment(3.5), note="By phone"
    )
    groups = [SeenGroup(one, ACME, 1, "Shop", {"name": "Acme Inc.", "plan": "large"}) for one in (KIM, LOU)]
    accounts.learn(groups, now=moment(1))


def build() -> None:
    record.build_journeys(bindings_of(PLAN), plan_version="1", now=NOW, persons=people.persons())


def reader_of(role: Role, language: str = "en") -> Client:
    browser = Client()
    browser.force_login(User.objects.create_user(f"reader-{role}", role=role, language=language))
    return browser


def page_of(identifier: str, **query: str) -> str:
    more = "".join(f"&{key}={quote(value)}" for key, value in query.items())
    return f"{HOME}person/?id={quote(identifier)}{more}"


def account_page(key: str, **query: str) -> str:
    more = "".join(f"&{name}={quote(value)}" for name, value in query.items())
    return f"{HOME}accounts/account/?key={quote(key)}{more}"
