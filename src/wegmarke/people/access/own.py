"""What the stores this room knows tell of somebody: the log, who is who, accounts, consent, evidence.

What is told is about the person; what is about somebody else as well is counted and left out, and which
colleague wrote something is left out everywhere (decision 0028).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wegmarke.analysis.journeys import Experience
from wegmarke.people.access.contracts import WITHHELD, Section
from wegmarke.people.access.values import Coded, coded, named, opened
from wegmarke.people.accounts import queries as accounts
from wegmarke.people.consent import queries as consent
from wegmarke.people.consent.contracts import Channel, How, Says
from wegmarke.people.contracts import Kind
from wegmarke.people.identifiers import shown
from wegmarke.people.models import Fact
from wegmarke.plan import queries as plans
from wegmarke.plan.evidence import queries as evidence
from wegmarke.plan.rules import FIRST, bindings_of
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import TextChoices

    from wegmarke.people.access.contracts import Row, Telling, Text
    from wegmarke.record.found import BoundEvent

ROWS_AT_ONCE: Final = 2_000
AT_ONCE: Final = 300
ID: Final = _("Your id")
SOURCE: Final = _("Source")
MESSAGES: Final = _("Messages")
FIRST_SEEN: Final = _("First")
LAST_SEEN: Final = _("Last")
REASON: Final = _("Reason")
TAKEN_BACK: Final = _("Taken back")
FELT: Final = {
    Experience.BAD: named(Experience.BAD, _("bad")),
    Experience.NEUTRAL: named(Experience.NEUTRAL, _("neutral")),
    Experience.GOOD: named(Experience.GOOD, _("good")),
}


def tell_log(telling: Telling) -> Iterator[Section]:
    """Tell every event in the order of time, and everything ever said about what somebody is like."""
    yield Section(
        "traits",
        _("What was said about you"),
        {"id": ID, "name": _("What"), "value": _("Value"), "at": _("Received"), "source": SOURCE},
        _traits(telling),
        note=_("Earlier values as well. Where no source is given, it was not kept at the time."),
    )
    yield Section(
        "events",
        _("What happened"),
        {
            "id": ID,
            "time": _("When"),
            "event": _("Event"),
            "touchpoint": _("Touchpoint"),
            "experience": _("Experience"),
            "rating": _("Rating"),
            "scale": _("Scale"),
            "value": _("Value"),
            "properties": _("Details"),
        },
        _events(telling),
        note=_(
            "Each event as it was sent to us, and at which touchpoint and as which experience we count it."
        ),
    )


def _events(telling: Telling) -> Iterator[Row]:
    saved = plans.current()
    plan = saved.plan if saved else FIRST
    bindings = bindings_of(plan)
    language = get_language() or "en"
    names = {one.key: Coded(one.key, one.name.in_language(language)) for one in plan.touchpoints}
    for since, before in record.windows_of(telling.identifiers, rows=ROWS_AT_ONCE):
        limit, more = 2 * ROWS_AT_ONCE, True
        while more:
            page = record.events_of(telling.identifiers, bindings, since=since, before=before, limit=limit)
            limit, more = 4 * limit, page.more
        yield from (_event(one, names) for one in reversed(page.events))


def _event(one: BoundEvent, names: dict[str, Coded]) -> Row:
    touchpoint = one.touchpoint
    return {
        "id": shown(one.person),
        "time": one.time,
        "event": one.name,
        "touchpoint": names.get(touchpoint, Coded(touchpoint, touchpoint)) if touchpoint else None,
        "experience": FELT.get(Experience(one.experience)),
        "rating": one.rating,
        "scale": one.scale,
        "value": one.value,
        "properties": opened(one.properties),
    }


def _traits(telling: Telling) -> Iterator[Row]:
    for one in record.traits_of(telling.identifiers):
        yield {
            "id": shown(one.person),
            "name": one.name,
            "value": one.value,
            "at": one.at,
            "source": one.source,
        }


def tell_identities(telling: Telling) -> Iterator[Section]:
    """Tell why ids count as one person; links with ids of others are only counted."""
    yield Section(
        "identities",
        _("Which ids are yours, and why we think so"),
        {
            "how": _("How"),
            "one": ID,
            "other": _("Linked with"),
            "source": SOURCE,
            "messages": MESSAGES,
            "first_at": FIRST_SEEN,
            "last_at": LAST_SEEN,
            "reason": REASON,
            "taken_back_at": TAKEN_BACK,
        },
        _facts(telling),
        withheld_because=_(
            "Links with ids that do not count as yours are left out: they may be somebody else's."
        ),
    )


def _facts(telling: Telling) -> Iterator[Row]:
    own = frozenset(telling.identifiers)
    seen: set[int] = set()
    for at in range(0, len(telling.identifiers), AT_ONCE):
        some = telling.identifiers[at : at + AT_ONCE]
        for row in Fact.objects.filter(Q(one__in=some) | Q(other__in=some)).iterator():
            if row.pk in seen:
                continue
            seen.add(row.pk)
            yield _fact(row) if {row.one, row.other} <= own else WITHHELD


def _fact(row: Fact) -> Row:
    return {
        "how": coded(Kind, row.kind),
        "one": shown(row.one),
        "other": shown(row.other),
        "source": row.source_name,
        "messages": row.messages or None,
        "first_at": row.made_at,
        "last_at": row.last_at,
        "reason": row.reason,
        "taken_back_at": row.withdrawn_at,
    }


def tell_accounts(telling: Telling) -> Iterator[Section]:
    """Tell which accounts somebody was named with; what one is like only where nobody else is in it."""
    yield Section(
        "accounts",
        _("Accounts you were named with"),
        {
            "id": ID,
            "account": _("Business account"),
            "name": _("Name"),
            "how": _("How"),
            "source": SOURCE,
            "messages": MESSAGES,
            "first_at": FIRST_SEEN,
            "last_at": LAST_SEEN,
            "reason": REASON,
            "taken_back_at": TAKEN_BACK,
        },
        _memberships(telling),
    )
    yield Section(
        "account_traits",
        _("What was said about these accounts"),
        {
            "account": _("Business account"),
            "name": _("What"),
            "value": _("Value"),
            "at": _("Since"),
            "source": SOURCE,
        },
        _account_traits(telling),
        withheld_because=_("What was said about an account that others belong to as well is left out."),
    )


def _memberships(telling: Telling) -> Iterator[Row]:
    names = {one.account: one.name for one, _belongs in accounts.accounts_of(telling.identifiers)}
    for one in accounts.facts_about(telling.identifiers):
        yield {
            "id": shown(one.identifier),
            "account": one.account,
            "name": names.get(one.account, one.account),
            "how": Coded(one.said, one.said.label),
            "source": one.source,
            "messages": one.messages or None,
            "first_at": one.made_at,
            "last_at": one.last_at,
            "reason": one.reason,
            "taken_back_at": one.withdrawn_at,
        }


def _account_traits(telling: Telling) -> Iterator[Row]:
    own = set(telling.identifiers)
    for account, _belongs in accounts.accounts_of(telling.identifiers):
        alone = all(one.identifier in own for one in accounts.facts_of(account.account))
        for trait in accounts.traits(account.account):
            told = {"account": account.account, "name": trait.name, "value": trait.value}
            yield told | {"at": trait.changed_at, "source": trait.source} if alone else WITHHELD


SAID: Final[dict[str, Text]] = {
    "identifier": ID,
    "says": _("What"),
    "purpose": _("Purpose"),
    "channel": _("Channel"),
    "at": _("When"),
    "how": _("How"),
    "requested_at": _("Confirmation asked for"),
    "wording": _("Wording that was shown"),
    "place": _("Where"),
    "note": _("Note"),
    "recorded_at": _("Recorded"),
}
SOLD: Final[dict[str, Text]] = {
    "identifier": ID,
    "purpose": _("Purpose"),
    "sale": _("Sale"),
    "sold_at": _("When"),
    "goods": _("Similar goods or services"),
    "told_at_collection": _("Told of the right to object when it was collected"),
    "told_at_use": _("Told of the right to object at each use"),
    "note": _("Note"),
    "recorded_at": _("Recorded"),
}
PROVED: Final[dict[str, Text]] = {
    name: SAID[name] for name in ("says", "purpose", "channel", "at", "how", "wording", "recorded_at")
} | {"until": _("Kept until")}
KINDS: Final[dict[str, type[TextChoices]]] = {"says": Says, "channel": Channel, "how": How}
MOMENTS: Final = frozenset({"at", "requested_at", "recorded_at", "sold_at", "until"})


def tell_consent(telling: Telling) -> Iterator[Section]:
    """Tell what somebody agreed to or refused, with proof; evidence of sales; proofs without a name."""
    found = consent.export_of(telling.identifiers)
    names = {one.key: one.name(get_language() or "en") for one in consent.purposes()}
    for key, title, fields, note in (
        ("consent", _("Consent, withdrawals and objections, with proof"), SAID, ""),
        ("existing_customer", _("Evidence for advertising to existing customers, § 7 (3) UWG"), SOLD, ""),
        (
            "kept_proofs",
            _("Proofs from before an erasure"),
            PROVED,
            _(
                "Kept without your name, so that a refusal goes on being honoured and a consent can "
                "be proved."
            ),
        ),
    ):
        kind = "kept_proof" if key == "kept_proofs" else key
        rows = (_consent(one, fields, names) for one in found if one["kind"] == kind)
        yield Section(key, title, fields, rows, note=note)


def _consent(found: dict[str, Any], fields: dict[str, Text], names: dict[str, str]) -> Row:
    return {name: _of_consent(name, found[name], names) for name in fields}


def _of_consent(name: str, value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - a value of a column
    if name in KINDS:
        return coded(KINDS[name], value)
    if name == "purpose":
        return Coded(value, names.get(value, value)) if value else Coded("*", _("everything"))
    if name == "identifier":
        return shown(value)
    return datetime.fromisoformat(value) if name in MOMENTS and value else value


def tell_evidence(telling: Telling) -> Iterator[Section]:
    """Point at evidence and quotes that name somebody: a person reads and decides."""
    yield Section(
        "evidence",
        _("Notes and quotes that name you"),
        {},
        _evidence(telling),
        withheld_because=_(
            "Notes of our staff that name you. Somebody reads them first, for they may tell of others."
        ),
    )


def _evidence(telling: Telling) -> Iterator[Row]:
    for one in evidence.all_evidence():
        if re.search(telling.pattern, f"{one.statement.text}\n{one.statement.source}"):
            yield WITHHELD
