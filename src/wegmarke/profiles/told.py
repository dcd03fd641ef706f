"""The strands of what is known about somebody: traits, who is who, consent, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from wegmarke.people import queries as people
from wegmarke.people.accounts import queries as accounts
from wegmarke.people.accounts.contracts import Said
from wegmarke.people.consent import queries as consent
from wegmarke.people.identifiers import shown
from wegmarke.profiles.contracts import Entry, Strand
from wegmarke.profiles.naming import purpose_name
from wegmarke.record import queries as record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from wegmarke.people.accounts.contracts import Membership
    from wegmarke.people.consent.contracts import Record
    from wegmarke.people.contracts import Fact
    from wegmarke.profiles.contracts import Subject, Wanted
    from wegmarke.record.found import TraitRow

MOST: Final = 1_000
"""Facts of one kind that are read for a time line."""


def _newest_first(entries: Iterable[Entry], wanted: Wanted) -> Iterator[Entry]:
    kept = (
        entry
        for entry in entries
        if (wanted.before is None or entry.at < wanted.before)
        and (wanted.since is None or entry.at >= wanted.since)
    )
    return iter(sorted(kept, key=lambda entry: entry.at, reverse=True))


def _traits(subject: Subject, wanted: Wanted) -> Iterator[Entry]:
    return _newest_first(_changes(record.traits_of(subject.identifiers)), wanted)


def _changes(rows: Iterable[TraitRow]) -> Iterator[Entry]:
    """Yield one entry for all traits that changed with one batch; the same value again is no change."""
    known: dict[tuple[str, str], str | None] = {}
    changed: dict[tuple[str, datetime, str], dict[str, str | None]] = {}
    for row in rows:
        if row.at is not None and known.get((row.person, row.name)) != row.value:
            changed.setdefault((row.person, row.at, row.source or ""), {})[row.name] = row.value
        known[row.person, row.name] = row.value
    for (person, at, source), values in changed.items():
        listed = tuple((name, _("removed") if value is None else value) for name, value in values.items())
        yield Entry(
            at=at,
            strand="traits",
            title=_("Attributes"),
            said=" · ".join(f"{name}: {value}" for name, value in listed),
            whose=person,
            facts=((_("Source"), source),) if source else (),
        )


def _identities(subject: Subject, wanted: Wanted) -> Iterator[Entry]:
    found = people.facts_about(subject.identifiers, limit=MOST)
    return _newest_first((entry for fact in found for entry in _of_fact(fact)), wanted)


def _of_fact(fact: Fact) -> Iterator[Entry]:
    def entry(at: datetime, title: str, by: str, reason: str) -> Entry:
        facts = [(_("Source"), fact.source), (_("By"), by), (_("Why?"), reason)]
        return Entry(
            at=at,
            strand="identity",
            title=title,
            said=f"{shown(fact.one)} ↔ {shown(fact.other)}",
            whose=fact.one,
            address=f"{reverse('people:person')}?{urlencode({'id': fact.one})}",
            facts=tuple((name, value) for name, value in facts if value),
        )

    yield entry(fact.made_at, str(fact.kind.label), fact.by, fact.reason)
    if fact.withdrawn_at is not None:
        yield entry(
            fact.withdrawn_at, _("Taken back: %(what)s") % {"what": fact.kind.label}, fact.withdrawn_by, ""
        )


def _consent(subject: Subject, wanted: Wanted) -> Iterator[Entry]:
    return _newest_first(map(_of_record, consent.history_of(subject.identifiers)), wanted)


def _of_record(one: Record) -> Entry:
    says = str(one.says.label) if one.says else _("Evidence for § 7 (3) UWG")
    about = [purpose_name(one.purpose), one.channel.label if one.channel else _("every channel")]
    facts = [
        (_("How"), one.how.label if one.how else ""),
        (_("Where"), one.place),
        (_("Note"), one.note),
        (_("By"), one.by),
        (_("Wording"), one.wording.text if one.wording else ""),
    ]
    return Entry(
        at=one.at or one.recorded_at,
        strand="consent",
        title=says,
        said=", ".join(map(str, about)),
        whose=one.identifier,
        address=f"{reverse('consent:person')}?{urlencode({'id': one.identifier})}",
        facts=tuple((name, str(value)) for name, value in facts if value),
    )


def _accounts(subject: Subject, wanted: Wanted) -> Iterator[Entry]:
    known = (
        accounts.facts_of(subject.account) if subject.account else accounts.facts_about(subject.identifiers)
    )
    return _newest_first((entry for fact in known for entry in _of_membership(fact)), wanted)


def _of_membership(fact: Membership) -> Iterator[Entry]:
    titles = {
        Said.GROUP: _("Named with the account"),
        Said.JOINED: _("Contact added by hand"),
        Said.LEFT: _("Contact removed by hand"),
    }

    def entry(at: datetime, title: str, by: str, reason: str) -> Entry:
        facts = [(_("Source"), fact.source), (_("By"), by), (_("Why?"), reason)]
        return Entry(
            at=at,
            strand="account",
            title=title,
            said=fact.account,
            whose=fact.identifier,
            address=f"{reverse('profiles:account')}?{urlencode({'key': fact.account})}",
            facts=tuple((name, value) for name, value in facts if value),
        )

    yield entry(fact.made_at, titles[fact.said], fact.by, fact.reason)
    if fact.withdrawn_at is not None:
        title = _("Taken back: %(what)s") % {"what": titles[fact.said]}
        yield entry(fact.withdrawn_at, title, fact.withdrawn_by, "")


TRAITS: Final = Strand(
    "traits", pgettext_lazy("time line", "Attributes"), _traits, lambda _subject: record.log_state().change
)
IDENTITIES: Final = Strand(
    "identity", pgettext_lazy("time line", "Who is who"), _identities, lambda _subject: people.state()
)
CONSENT: Final = Strand(
    "consent",
    pgettext_lazy("time line", "Consent"),
    _consent,
    lambda subject: consent.mark_of(subject.identifiers),
)
ACCOUNTS: Final = Strand(
    "account",
    pgettext_lazy("customers", "Accounts"),
    _accounts,
    lambda subject: accounts.mark_of(subject.identifiers),
)
