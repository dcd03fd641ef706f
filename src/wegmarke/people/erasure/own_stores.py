"""The stores this room knows itself: the log, journeys, who is who, and evidence somebody wrote down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from wegmarke.people import queries as people
from wegmarke.people import services
from wegmarke.people.access import own
from wegmarke.people.accounts import queries as accounts
from wegmarke.people.accounts import services as account_services
from wegmarke.people.consent import queries as consent
from wegmarke.people.consent import services as consent_services
from wegmarke.people.contracts import Kind
from wegmarke.people.erasure.contracts import Held, Keeper, Store
from wegmarke.people.identifiers import VISITOR
from wegmarke.people.models import Fact
from wegmarke.plan.evidence import queries as evidence
from wegmarke.record import services as record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from wegmarke.people.erasure.contracts import Erasing

AT_ONCE = 300


def _count_log(erasing: Erasing) -> Held:
    return Held(rows=record.rows_of(erasing.identifiers))


def _erase_log(erasing: Erasing) -> bool:
    record.erase_rows(erasing.identifiers, name=erasing.name, now=erasing.now)
    return True


def _log_settled(erasing: Erasing) -> bool:
    return erasing.swept_at is None or not record.copies_left(erasing.swept_at)


def _log_identifiers() -> Iterator[str]:
    for some in record.identifiers():
        yield from some


def _journeys_settled(erasing: Erasing) -> bool:
    return record.forget_builds(erasing.change, current_too=erasing.urgent)


def _nothing_now(_erasing: Erasing) -> bool:
    """Leave it to `settled`: journeys go when those without the person have taken their place."""
    return True


def _facts(erasing: Erasing) -> list[int]:
    found: list[int] = []
    for at in range(0, len(erasing.identifiers), AT_ONCE):
        some = erasing.identifiers[at : at + AT_ONCE]
        found += Fact.objects.filter(Q(one__in=some) | Q(other__in=some)).values_list("pk", flat=True)
    return sorted(set(found))


def _count_facts(erasing: Erasing) -> Held:
    return Held(rows=len(_facts(erasing)))


def _erase_facts(erasing: Erasing) -> bool:
    services.forget_facts(_facts(erasing))
    return True


def _fact_identifiers() -> Iterable[str]:
    for both in Fact.objects.order_by().values_list("one", "other").iterator():
        yield from both


def _count_accounts(erasing: Erasing) -> Held:
    return Held(rows=accounts.count_of(erasing.identifiers))


def _erase_accounts(erasing: Erasing) -> bool:
    account_services.forget(erasing.identifiers, naming=erasing.pattern)
    return True


def _count_consent(erasing: Erasing) -> Held:
    return Held(rows=consent.count_of(erasing.identifiers))


def _erase_consent(erasing: Erasing) -> bool:
    consent_services.erase_of(erasing.identifiers, now=erasing.erased_at)
    consent_services.drop_old_proofs(now=erasing.now)
    return True


def _count_evidence(erasing: Erasing) -> Held:
    found = (
        re.search(erasing.pattern, f"{one.statement.text}\n{one.statement.source}")
        for one in evidence.all_evidence()
    )
    return Held(by_hand=sum(map(bool, found)))


LOG = Store(
    "log",
    pgettext_lazy("store of personal data", "Events and traits in the log"),
    _erase_log,
    _count_log,
    _log_settled,
    _log_identifiers,
    own.tell_log,
)
JOURNEYS = Store(
    "journeys",
    pgettext_lazy("store of personal data", "Journeys built from them"),
    _nothing_now,
    settled=_journeys_settled,
    untold=pgettext_lazy(
        "why a store tells nothing",
        "The events above, put in order for calculating. They hold nothing that does not stand there.",
    ),
)
IDENTITIES = Store(
    "identities",
    pgettext_lazy("store of personal data", "Which ids are one person"),
    _erase_facts,
    _count_facts,
    identifiers=_fact_identifiers,
    tell=own.tell_identities,
)
ACCOUNTS = Store(
    "accounts",
    pgettext_lazy("store of personal data", "Accounts they belong to"),
    _erase_accounts,
    _count_accounts,
    identifiers=accounts.identifiers,
    tell=own.tell_accounts,
)
CONSENT = Store(
    "consent",
    pgettext_lazy("store of personal data", "Consent and evidence of sales"),
    _erase_consent,
    _count_consent,
    identifiers=consent.identifiers,
    tell=own.tell_consent,
)
EVIDENCE = Store(
    "evidence",
    pgettext_lazy("store of personal data", "Evidence and quotes that name the person"),
    _nothing_now,
    _count_evidence,
    tell=own.tell_evidence,
)


def _visitors(persons: pa.Array) -> pa.Array:
    """Say which identifiers are those of visitors nobody knows, by what is known about who is who."""
    unknown = pc.starts_with(persons, VISITOR)
    found = people.resolution()
    linked = found.identifiers.filter(pc.invert(pc.starts_with(found.names, VISITOR)))
    return pc.and_(unknown, pc.invert(pc.is_in(persons, value_set=linked)))


def _known(persons: pa.Array) -> pa.Array:
    return pc.invert(_visitors(persons))


def _expire_known(before: datetime, name: str, now: datetime) -> int:
    return record.expire_events(before, _known, name=name, now=now)


def _expire_visitors(before: datetime, name: str, now: datetime) -> int:
    return record.expire_events(before, _visitors, name=name, now=now)


EVENTS_OF_PERSONS = Keeper(
    "persons",
    pgettext_lazy("kind of data", "Events of known persons"),
    None,
    _expire_known,
    lambda before: record.count_expired(before, _known),
)
EVENTS_OF_VISITORS = Keeper(
    "visitors",
    pgettext_lazy("kind of data", "Events of visitors nobody knows"),
    None,
    _expire_visitors,
    lambda before: record.count_expired(before, _visitors),
)


def _old_facts(before: datetime) -> list[int]:
    said = [kind for kind in Kind if not kind.by_hand]
    return list(Fact.objects.filter(last_at__lt=before, kind__in=said).values_list("pk", flat=True))


@transaction.atomic
def _expire_facts(before: datetime, _name: str, _now: datetime) -> int:
    return services.forget_facts(_old_facts(before)) + account_services.expire(before)


LINKS = Keeper(
    "links",
    pgettext_lazy("kind of data", "Links between ids and with accounts, since they were last seen"),
    None,
    _expire_facts,
    lambda before: len(_old_facts(before)) + accounts.old_rows(before).count(),
)
