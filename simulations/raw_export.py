"""A made-up company's raw export of events, mails and tickets, whose touchpoints are known.

Some touchpoints are documented (the plan has rules for them), fifty are not: events of their own, campaigns
under one name, kinds of tickets, pages, notifications, features. Around them is what a real export is full
of: ids, amounts, browsers, bot pings, technical events, properties that tell nothing apart. What discovery
proposes can then be held against what was planted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from wegmarke.plan.contracts import Phase, Plan, Text, Touchpoint, one_journey
from wegmarke.record.contracts import EVENT_SCHEMA, BindingRule, Condition, Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wegmarke.atlas.discovery.contracts import Candidate, Found

    Properties = dict[str, Any]

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 420
PLANTED = 50
UNTOLD = "technical"

PLAIN = (
    *("abandoned_basket_reminder", "Loyalty Card Swiped", "priceAlertTriggered", "callback_requested"),
    *(
        "showroom_visit",
        "Gift Card Redeemed",
        "delivery_slot_chosen",
        "warranty_registered",
        "Invoice Disputed",
    ),
    *("referral_link_shared", "wishlist_created", "Probefahrt gebucht", "contract_document_signed"),
    *("address_changed", "Beratung vor Ort", "size_guide_opened", "product_compared", "parcel_redirected"),
)
CAMPAIGNS = (
    *(
        "welcome_series",
        "spring_sale",
        "winback",
        "birthday",
        "black_week",
        "product_tips",
        "Umfrage Service",
    ),
    *("price_increase_notice", "referral_invite", "webinar_invite"),
)
TICKETS = (
    *("delivery late", "wrong item", "invoice unclear", "password lost", "damaged goods", "Vertrag ändern"),
    *("data request", "refund missing"),
)
PAGES = (
    *(
        "/help/returns",
        "/help/shipping",
        "/account/orders/{id}",
        "/product/{slug}",
        "/store-finder",
        "/imprint",
    ),
    *("/product/{slug}/reviews", "/careers", "/blog/{slug}"),
)
FEATURES = (
    "export_pdf",
    "dark_mode",
    "bulk_upload",
    "calendar_sync",
    "saved_search",
    "team_invite",
    "audit_log",
)
PUSHES = ("back_in_stock", "delivery_today", "points_expire", "cart_reminder", "new_collection")
SMS = ("pickup_ready", "appointment_reminder", "verify_phone")
DOCUMENTED = ("Order Completed", "signup", "Parcel Delivered", "subscription_cancelled", "Product Reviewed")
NOISE_EVENTS = (
    "bot_ping",
    "health_check",
    "session_start",
    "token_refreshed",
    "cache_flushed",
    "webhook_retry",
)


@dataclass(frozen=True, slots=True)
class Ways:
    """How often a property is called oddly, a thing has a season, and follows on a documented touchpoint."""

    odd: float = 0.25
    seasonal: float = 0.4
    caused: float = 0.5


@dataclass(slots=True)
class Source:
    """One way the company writes things down: how a thing is called, and what is written beside it."""

    event: str
    key: str | None
    values: tuple[str, ...]
    write: Callable[[np.random.Generator, str], Properties]
    follow_ups: tuple[str, ...] = ()


@dataclass(slots=True)
class Company:
    """The export with its truth: `planted` names each undocumented touchpoint by its event and value."""

    events: pa.Table
    plan: Plan
    planted: tuple[tuple[str, str], ...]
    documented: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """How discovery did: what was planted and proposed once, more than once or not at all.

    `splits` counts candidates beyond the first for one planted or documented thing or a decoy event; `decoys`
    are the candidates, technical ones aside, that stand for nothing planted.
    """

    once: int = 0
    twice: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    splits: int = 0
    decoys: list[str] = field(default_factory=list)


def make(seed: int, *, persons: int = 3000, ways: Ways = Ways()) -> Company:
    """Make one company; the seed decides which fifty are planted, how they are written and how often."""
    random = np.random.default_rng(seed)
    sources = _sources(random, ways)
    wanted = _fifty(random, sources)
    rows: list[tuple[int, float, str, str | None]] = []
    browser = random.integers(0, 4, persons)
    start = random.uniform(0, DAYS * 0.6, persons)
    for source, values in wanted:
        for value in values:
            _live(rows, random, source, value, persons=persons, start=start, ways=ways)
    for name in DOCUMENTED:
        plain = Source(name, None, (name,), _order(random))
        _live(rows, random, plain, name, persons=persons, start=start, ways=ways)
    _noise(rows, random, persons, start)
    table = _table(rows, browser, random)
    planted = tuple((source.event, value) for source, values in wanted for value in values)
    return Company(table, _plan(), planted, DOCUMENTED)


def _sources(random: np.random.Generator, ways: Ways) -> list[Source]:
    """Choose how this company calls things; no two seeds write alike."""
    mail = str(random.choice(["email_delivered", "Email Delivered", "newsletter_sent", "Mailing zugestellt"]))
    mail_key = str(random.choice(["campaign", "campaign_name", "template", "subject", "mailing.campaign"]))
    ticket = str(
        random.choice(["ticket_created", "Ticket Created", "support_case_opened", "Anfrage erstellt"])
    )
    ticket_key = str(random.choice(["category", "kind", "type", "topic", "reason", "anliegen"]))
    page = str(random.choice(["page_viewed", "Page View", "pageview", "$pageview", "Seite aufgerufen"]))
    page_key = str(random.choice(["path", "page", "url", "page.path"]))
    feature = str(random.choice(["feature_used", "Feature Used", "Funktion genutzt", "app_action"]))
    feature_key = str(random.choice(["feature", "feature_name", "name", "action"]))
    push = str(random.choice(["push_received", "Notification Sent", "push notification"]))
    push_key = str(random.choice(["campaign", "template", "notification_name", "type"]))
    opened = mail.replace("delivered", "opened").replace("Delivered", "Opened").replace("sent", "opened")
    follow_ups = (opened,) if opened != mail else ()
    plain = [Source(name, None, (name,), _thing(random)) for name in PLAIN]
    # Nobody can know all words: every fourth time a property is called something no list has.
    odd = {"mail": "mkt_ref", "ticket": "sub_vorgang", "feature": "what", "push": "xref"}
    mail_key, ticket_key, feature_key, push_key = (
        odd[kind] if random.random() < ways.odd else key
        for kind, key in (
            ("mail", mail_key),
            ("ticket", ticket_key),
            ("feature", feature_key),
            ("push", push_key),
        )
    )
    return [
        *plain,
        Source(mail, mail_key, CAMPAIGNS, _mail(mail_key), follow_ups),
        Source(ticket, ticket_key, TICKETS, _ticket(ticket_key)),
        Source(page, page_key, PAGES, _page(random, page_key)),
        Source(feature, feature_key, FEATURES, _feature(feature_key)),
        Source(push, push_key, PUSHES, _push(push_key)),
        Source("sms_sent", "template", SMS, _push("template")),
    ]


def _fifty(random: np.random.Generator, sources: list[Source]) -> list[tuple[Source, tuple[str, ...]]]:
    """Choose fifty of all things; of a name with several things at least three are left."""
    everything = [(at, value) for at, source in enumerate(sources) for value in source.values]
    kept: dict[int, list[str]] = defaultdict(list)
    for at in random.permutation(len(everything)):
        place, value = everything[int(at)]
        if sum(map(len, kept.values())) < PLANTED:
            kept[place].append(value)
    return [(source, tuple(kept[at])) for at, source in enumerate(sources) if kept.get(at)]


def _put(properties: Properties, key: str, value: object) -> Properties:
    """Set a property, one level down where its key is a path."""
    first, _, second = key.partition(".")
    if second:
        properties[first] = {**properties.get(first, {}), second: value}
    else:
        properties[key] = value
    return properties


def _mail(key: str) -> Callable[[np.random.Generator, str], Properties]:
    def write(random: np.random.Generator, value: str) -> Properties:
        own = {"message_id": f"m-{random.integers(10**9)}", "opened": bool(random.random() < 0.3)}
        own["provider"] = str(random.choice(["mx1", "mx2"]))
        return _put(own, key, value)

    return write


def _ticket(key: str) -> Callable[[np.random.Generator, str], Properties]:
    def write(random: np.random.Generator, value: str) -> Properties:
        own: Properties = {"ticket_id": int(random.integers(10**6)), "agent": f"agent {random.integers(9)}"}
        own |= {"resolved": bool(random.random() < 0.7), "priority": str(random.choice(["low", "high"]))}
        own["first_words"] = f"{value} {random.integers(10**6)} please help me"
        return _put(own, key, value)

    return write


def _page(random: np.random.Generator, key: str) -> Callable[[np.random.Generator, str], Properties]:
    site = str(random.choice(["", "", "https://shop.example"]))
    tracked = bool(random.random() < 0.5)
    slugs = [
        f"{a}-{b}"
        for a in ("soft", "warm", "blue", "old", "tall")
        for b in ("lamp", "chair", "rug", "desk", "bed")
    ]

    def write(random: np.random.Generator, value: str) -> Properties:
        path = value.replace("{id}", str(random.integers(1, 10**6))).replace(
            "{slug}", str(random.choice(slugs))
        )
        query = f"?utm_source=s{random.integers(40)}" if tracked and random.random() < 0.3 else ""
        own: Properties = {
            "duration_ms": int(random.integers(10**5)),
            "referrer": f"https://r{random.integers(30)}.example",
        }
        return _put(own, key, f"{site}{path}{query}")

    return write


def _feature(key: str) -> Callable[[np.random.Generator, str], Properties]:
    def write(random: np.random.Generator, value: str) -> Properties:
        own: Properties = {"app_version": f"4.{random.integers(9)}.{random.integers(20)}"}
        own["theme"] = str(random.choice(["light", "dark"]))
        return _put(own, key, value)

    return write


def _push(key: str) -> Callable[[np.random.Generator, str], Properties]:
    def write(random: np.random.Generator, value: str) -> Properties:
        own: Properties = {"device_token": f"{random.integers(2**60):015x}", "badge": int(random.integers(5))}
        return _put(own, key, value)

    return write


def _thing(random: np.random.Generator) -> Callable[[np.random.Generator, str], Properties]:
    """Write a plain event with properties that tell nothing apart."""
    decoys: dict[str, tuple[object, ...]] = {
        "warehouse": ("north", "south", "west"),
        "handler": ("a team", "b team"),
        "lot": ("red", "green", "blue", "white"),
        "via_partner": (True, False),
        "quantity": tuple(range(1, 9)),
        "amount": tuple(round(x * 3.7, 2) for x in range(1, 60)),
        "currency": ("EUR", "CHF"),
        "shift": ("early", "late"),
        "type": ("basic", "extended"),
        "category": ("standard", "express", "other"),
        "channel": ("web", "app"),
        "reason": ("price", "quality", "time", "other"),
        "label": ("new", "old"),
    }
    chosen = [str(key) for key in random.choice(list(decoys), 3, replace=False)]

    def write(random: np.random.Generator, _value: str) -> Properties:
        own = {key: decoys[key][int(random.integers(len(decoys[key])))] for key in chosen}
        return {
            **own,
            "event_id": f"{random.integers(2**60):015x}",
            "at": str(BEGIN + timedelta(days=int(random.integers(DAYS)))),
        }

    return write


def _order(random: np.random.Generator) -> Callable[[np.random.Generator, str], Properties]:
    return _thing(random)


def _live(  # noqa: PLR0913 - all but the obvious by keyword
    rows: list[tuple[int, float, str, str | None]],
    random: np.random.Generator,
    source: Source,
    value: str,
    *,
    persons: int,
    start: np.ndarray[Any, Any],
    ways: Ways,
) -> None:
    """Let some persons meet one thing now and then; a campaign or page may have a season of its own."""
    share = float(np.exp(random.uniform(np.log(0.02), np.log(0.4))))
    who = np.flatnonzero(random.random(persons) < share)
    times = random.geometric(0.6, len(who))
    season = random.uniform(0, DAYS * 0.7) if random.random() < ways.seasonal else None
    cause = str(random.choice(DOCUMENTED)) if random.random() < ways.caused else None
    for person, count in zip(who.tolist(), times.tolist(), strict=True):
        for _ in range(count):
            day = start[person] + random.exponential(60) if season is None else season + random.uniform(0, 60)
            if day >= DAYS:
                continue
            if cause is not None and source.key is not None and random.random() < 0.6:
                rows.append((person, day - 0.02, cause, None))
            rows.append((person, day, source.event, json.dumps(source.write(random, value))))
            if source.follow_ups and random.random() < 0.4:
                later = json.dumps(
                    _put({"message_id": f"m-{random.integers(10**9)}"}, str(source.key), value)
                )
                rows.append((person, day + 0.1, source.follow_ups[0], later))


def _noise(
    rows: list[tuple[int, float, str, str | None]],
    random: np.random.Generator,
    persons: int,
    start: np.ndarray[Any, Any],
) -> None:
    """Write what machines write (pings like a clock, tokens, sessions), and typing mistakes."""
    for name in NOISE_EVENTS:
        for person in random.choice(persons, 60, replace=False).tolist():
            day = start[person] + random.uniform(0, 50)
            for at in range(int(random.integers(3, 12))):
                at_day = day + at * (1 / 48 if "ping" in name else random.exponential(2))
                rows.append((person, at_day, name, json.dumps({"node": f"n{random.integers(5)}"})))
    rows.extend((int(random.integers(persons)), 300.0, f"tets_evnet_{at}", None) for at in range(12))


def _table(
    rows: Iterable[tuple[int, float, str, str | None]],
    browser: np.ndarray[Any, Any],
    random: np.random.Generator,
) -> pa.Table:
    """Bring the rows into the log's schema; every event knows browser and session."""
    columns: dict[str, list[Any]] = {name: [] for name in EVENT_SCHEMA.names}
    for person, day, name, text in sorted(rows, key=lambda row: row[1]):
        context = {
            "browser": ("Firefox", "Chrome", "Safari", "Edge")[browser[person]],
            "session": f"s-{random.integers(10**9)}",
            "source_system": "erp" if random.random() < 0.5 else "shop",
        }
        columns["person"].append(f"k-{person:05d}")
        columns["time"].append(BEGIN + timedelta(days=day))
        columns["name"].append(name)
        columns["properties"].append(json.dumps({**json.loads(text or "{}"), **context}))
        for empty in ("rating", "scale", "value"):
            columns[empty].append(None)
    return pa.table({name: columns[name] for name in EVENT_SCHEMA.names}, schema=EVENT_SCHEMA)


def _plan() -> Plan:
    """Return a plan that documents a few touchpoints; none of the fifty."""
    phases = (Phase("buy", Text("Kaufen", "Buy")), Phase("use", Text("Nutzen", "Use")))
    touchpoints = [
        Touchpoint(f"known_{at}", Text(name, name), phases=(phases[at % 2].key,), rules=(BindingRule(name),))
        for at, name in enumerate(DOCUMENTED)
    ]
    return Plan(Text("Firma", "Company"), one_journey(*phases), tuple(touchpoints))


def score(company: Company, found: Found) -> Score:
    """Hold what was proposed against what was planted."""
    result = Score()
    hits: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    proposed = [one for one in found.candidates if not one.technical and one.like is None]
    for candidate in proposed:
        things = [one for one in company.planted if _stands_for(candidate, one)]
        if len(things) == 1:
            hits[things[0]].append(candidate)
        else:
            result.decoys.append(candidate.name.en)
    for thing in company.planted:
        label = " / ".join(thing)
        if not hits[thing]:
            result.missed.append(label)
            continue
        if len(hits[thing]) == 1:
            result.once += 1
        else:
            result.twice.append(label)
        result.splits += len(hits[thing]) - 1
    result.splits += len(result.decoys)
    return result


def _stands_for(candidate: Candidate, thing: tuple[str, str]) -> bool:
    """Say whether a candidate's rule matches one planted thing."""
    event, value = thing
    rule = candidate.rules[0]
    if rule.event != event:
        return False
    if event == value:
        return True
    return any(_matches(condition, value) for one in candidate.rules for condition in one.where)


def _matches(condition: Condition, value: str) -> bool:
    if condition.operator not in (Operator.IS, Operator.LIKE):
        return False
    wanted = str(condition.value)
    path = wanted.removeprefix("https://shop.example").partition("?")[0]
    shape = value.replace("{id}", "*").replace("{slug}", "*")
    return wanted == value or path == shape


def main() -> None:
    """Run several seeds and print how discovery did; see docs/methods/discovery.md."""
    import argparse
    import os
    import sys
    import tempfile

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--persons", type=int, default=3000)
    for name in ("odd", "seasonal", "caused"):
        parser.add_argument(f"--{name}", type=float, default=getattr(Ways(), name))
    given = parser.parse_args()
    ways = Ways(given.odd, given.seasonal, given.caused)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wegmarke.site.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WEGMARKE_DATA"] = folder
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for seed in range(given.first, given.first + given.seeds):
            result = run(seed, persons=given.persons, ways=ways)
            sys.stdout.write(
                f"seed {seed}: once {result.once}, twice {result.twice}, missed {result.missed}, "
                f"false splits {result.splits} {result.decoys}\n"
            )


def run(seed: int, *, persons: int = 3000, ways: Ways = Ways()) -> Score:
    """Write one company into an empty record, look for what its plan does not know, and score it."""
    import shutil
    from pathlib import Path

    from django.conf import settings

    from wegmarke.atlas.discovery.looking import look
    from wegmarke.record import services
    from wegmarke.record.models import Batch, LogFile

    LogFile.objects.all().delete()
    Batch.objects.all().delete()
    shutil.rmtree(Path(settings.DATA_DIR) / "log", ignore_errors=True)
    company = make(seed, persons=persons, ways=ways)
    services.append(events=company.events, traits=None, source="simulation", batch_key=f"seed {seed}")
    return score(company, look(company.plan, lambda _done, _steps: None))


if __name__ == "__main__":
    main()
