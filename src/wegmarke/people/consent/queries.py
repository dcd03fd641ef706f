"""What can be asked about consent: the gate, how somebody stands, purposes, categories, a person's export."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max
from django.utils.crypto import salted_hmac

from wegmarke.people import queries as people
from wegmarke.people.consent import models
from wegmarke.people.consent.contracts import (
    Basis,
    Category,
    Channel,
    ConsentFacts,
    Decision,
    Evidence,
    How,
    Meaning,
    NoSuchPurposeError,
    Purpose,
    Record,
    Said,
    Says,
    Shown,
    Standing,
    Terms,
    Wording,
)
from wegmarke.people.consent.rules import may_contact as decided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime


def may_contact(identifier: str, purpose: str, channel: str, *, now: datetime) -> Decision:
    """Say whether the person an identifier belongs to may be contacted; unknown words are refused."""
    row = models.Purpose.objects.filter(key=purpose).first()
    known = Channel(channel) if channel in set(Channel) else None
    return decided(_facts(_Person(identifier)), _terms(_purpose(row)) if row else None, known, now)


def standing(identifier: str, *, now: datetime) -> Standing:
    """Return how the person an identifier belongs to stands: each decision, and the history with proof."""
    person = _Person(identifier)
    wordings = _wordings()
    listed = _purposes(wordings)
    facts = _facts(person)
    return Standing(
        person=person.name,
        identifiers=person.own,
        decisions=tuple(
            (purpose, {channel: decided(facts, _terms(purpose), channel, now) for channel in Channel})
            for purpose in listed
        ),
        history=_history(person.own, listed, _by_number(wordings)),
        kept_nos=sum(one.number < 0 for one in facts.said),
    )


class _Person:
    """Whose facts count: all identifiers of the person, and the nos of those that only may be theirs."""

    def __init__(self, identifier: str) -> None:
        found = people.resolution()
        self.name = found.person_of(identifier)
        self.own = found.members(self.name)
        mine = {self.name, *self.own}
        self.perhaps = tuple(
            {one for open_ in found.conflicts if mine & set(open_.persons) for one in open_.identifiers}
            - set(self.own)
        )


def _facts(person: _Person) -> ConsentFacts:
    rows = models.ConsentFact.objects.filter(identifier__in=[*person.own, *person.perhaps])
    own = set(person.own)
    said = [
        _said(row)
        for row in rows.select_related("purpose")
        if row.identifier in own or row.says != Says.GIVEN
    ]
    digests = [who(one) for one in (*person.own, *person.perhaps)]
    kept = models.KeptProof.objects.filter(who__in=digests).exclude(says=Says.GIVEN).select_related("purpose")
    said += [
        Said(
            number=-row.pk,
            says=_known_says(row.says),
            purpose=row.purpose.key if row.purpose else None,
            channel=_known_channel(row.channel),
            at=row.at,
            recorded_at=row.recorded_at,
            how=How(row.how),
        )
        for row in kept
    ]
    evidence = models.ExistingCustomer.objects.filter(identifier__in=person.own).select_related("purpose")
    return ConsentFacts(tuple(said), tuple(_evidence(row) for row in evidence))


def who(identifier: str) -> str:
    """Return the keyed digest under which proofs of an erased identifier are kept."""
    return salted_hmac("wegmarke.people.consent", identifier, algorithm="sha256").hexdigest()


def _said(row: models.ConsentFact) -> Said:
    return Said(
        number=row.pk,
        says=_known_says(row.says),
        purpose=row.purpose.key if row.purpose else None,
        channel=_known_channel(row.channel),
        at=row.at,
        recorded_at=row.recorded_at,
        how=How(row.how) if row.how in set(How) else How.STAMP,
        wording=row.wording_id,
        requested_at=row.requested_at,
    )


def _known_says(text: str) -> Says:
    """Read what a later version may have written: whatever is not known is a no."""
    return Says(text) if text in set(Says) else Says.WITHDRAWN


def _known_channel(text: str) -> Channel | None:
    return Channel(text) if text in set(Channel) else None


def _evidence(row: models.ExistingCustomer) -> Evidence:
    return Evidence(
        number=row.pk,
        purpose=row.purpose.key,
        recorded_at=row.recorded_at,
        sale=row.sale,
        sold_at=row.sold_at,
        goods=row.goods,
        told_at_collection=row.told_at_collection_id,
        told_at_use=row.told_at_use_id,
    )


def _terms(purpose: Purpose) -> Terms:
    valid = timedelta(days=purpose.valid_days) if purpose.valid_days else None
    return Terms(purpose.key, purpose.basis, valid)


def purposes() -> tuple[Purpose, ...]:
    """Return what can be agreed to, each with its wordings, the newest version first."""
    return _purposes(_wordings())


def purpose(key: str) -> Purpose:
    """Return one purpose. Raises `NoSuchPurposeError`."""
    found = next((one for one in purposes() if one.key == key), None)
    if found is None:
        raise NoSuchPurposeError(key)
    return found


def _purposes(wordings: dict[int, list[Wording]]) -> tuple[Purpose, ...]:
    return tuple(_purpose(row, tuple(wordings.get(row.pk, ()))) for row in models.Purpose.objects.all())


def _purpose(row: models.Purpose, wordings: tuple[Wording, ...] = ()) -> Purpose:
    basis = Basis(row.basis)
    return Purpose(row.pk, row.key, row.name_de, row.name_en, basis, row.valid_days, wordings)


def _wordings() -> dict[int, list[Wording]]:
    found: dict[int, list[Wording]] = {}
    for row in models.Wording.objects.all():
        found.setdefault(row.purpose_id, []).append(_wording(row))
    return found


def _wording(row: models.Wording) -> Wording:
    return Wording(row.pk, Shown(row.shown), row.language, row.version, row.text, row.made_at)


def categories() -> tuple[Category, ...]:
    """Return the categories of consent that messages named, by name, each with what it means here."""
    rows = models.Category.objects.prefetch_related("meanings__purpose", "meanings__wording")
    return tuple(
        Category(
            row.pk,
            row.name,
            row.first_at,
            tuple(
                Meaning(
                    one.pk,
                    _purpose(one.purpose),
                    Channel(one.channel),
                    _wording(one.wording) if one.wording else None,
                )
                for one in row.meanings.all()
            ),
        )
        for row in rows
    )


def history_of(identifiers: Sequence[str]) -> tuple[Record, ...]:
    """Return what some identifiers said with its proof, what was written down last first."""
    wordings = _wordings()
    return _history(identifiers, _purposes(wordings), _by_number(wordings))


def mark_of(identifiers: Sequence[str]) -> object:
    """Return a value that changes with what some identifiers said."""
    tables = (models.ConsentFact, models.ExistingCustomer)
    return [
        table.objects.filter(identifier__in=identifiers).aggregate(n=Count("pk"), last=Max("pk"))
        for table in tables
    ]


def _by_number(wordings: dict[int, list[Wording]]) -> dict[int, Wording]:
    return {one.number: one for some in wordings.values() for one in some}


def _history(
    own: Sequence[str], listed: Sequence[Purpose], wordings: dict[int, Wording]
) -> tuple[Record, ...]:
    by_number = {one.number: one for one in listed}
    facts = models.ConsentFact.objects.filter(identifier__in=own).select_related("by")
    said = [
        Record(
            number=row.pk,
            identifier=row.identifier,
            says=_known_says(row.says),
            purpose=by_number.get(row.purpose_id or 0),
            channel=_known_channel(row.channel),
            at=row.at,
            recorded_at=row.recorded_at,
            how=How(row.how) if row.how in set(How) else None,
            place=row.place,
            note=row.note,
            by=row.by.get_username() if row.by else "",
            requested_at=row.requested_at,
            wording=wordings.get(row.wording_id or 0),
        )
        for row in facts
    ]
    rows = models.ExistingCustomer.objects.filter(identifier__in=own).select_related("by", "purpose")
    evidence = [
        Record(
            number=row.pk,
            identifier=row.identifier,
            says=None,
            purpose=by_number.get(row.purpose_id),
            channel=Channel.MAIL,
            at=row.sold_at,
            recorded_at=row.recorded_at,
            how=None,
            place="",
            note=row.note,
            by=row.by.get_username() if row.by else "",
            evidence=_evidence(row),
            told=tuple(
                wordings[number]
                for number in dict.fromkeys((row.told_at_collection_id, row.told_at_use_id))
                if number in wordings
            ),
        )
        for row in rows
    ]
    newest_first = sorted([*said, *evidence], key=lambda one: (one.recorded_at, one.number), reverse=True)
    return tuple(newest_first)


def found(text: str, *, limit: int = 20) -> Sequence[str]:
    """Return identifiers with consent, or that are linked, which begin with a text, as senders write them."""
    from_links = people.found(text, limit=limit)
    names: set[str] = set(from_links)
    for begin in people.begins(text):
        for model in (models.ConsentFact, models.ExistingCustomer):
            rows = model.objects.filter(identifier__startswith=begin).order_by("identifier")
            names |= set(rows.values_list("identifier", flat=True).distinct()[:limit])
    return sorted(names)[:limit]


def count_of(identifiers: Iterable[str]) -> int:
    """Count what is kept under some identifiers by name; proofs of what was erased are not."""
    listed = list(identifiers)
    tables = (models.ConsentFact, models.ExistingCustomer)
    return sum(table.objects.filter(identifier__in=listed).count() for table in tables)


def identifiers() -> Iterator[str]:
    """Yield all identifiers under which something is kept; some come more than once."""
    for table in (models.ConsentFact, models.ExistingCustomer):
        yield from table.objects.order_by().values_list("identifier", flat=True).iterator()


def export_of(identifiers: Iterable[str]) -> list[dict[str, Any]]:
    """Return everything kept about consent under some identifiers, as plain values, the oldest first."""
    listed = list(identifiers)
    facts = models.ConsentFact.objects.filter(identifier__in=listed)
    evidence = models.ExistingCustomer.objects.filter(identifier__in=listed)
    proofs = models.KeptProof.objects.filter(who__in=[who(one) for one in listed])
    told = ("told_at_collection", "told_at_use")
    return [
        *(_exported("consent", row) for row in facts.select_related("purpose", "wording")),
        *(_exported("existing_customer", row) for row in evidence.select_related("purpose", *told)),
        *(_exported("kept_proof", row) for row in proofs.select_related("purpose", "wording")),
    ]


LEFT_OUT = frozenset({"id", "by", "who"})
"""Our own numbers, and which colleague it was."""


def _exported(
    kind: str, row: models.ConsentFact | models.ExistingCustomer | models.KeptProof
) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": kind}
    for column in row._meta.concrete_fields:  # noqa: SLF001 - Django's public name for it
        if column.name in LEFT_OUT:
            continue
        value = getattr(row, column.name)
        if isinstance(value, models.Purpose):
            value = value.key
        elif isinstance(value, models.Wording):
            value = value.text
        values[column.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return values
