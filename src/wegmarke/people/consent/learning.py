"""Learn consent from messages, in the transaction in which they become part of the log.

A message may tell a choice (somebody used the banner) or merely note how things stand. Only a choice can
withdraw what was never given, or give again what was withdrawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from wegmarke.people.consent.contracts import Channel, How, Says
from wegmarke.people.consent.models import Category, CategoryMeaning, ConsentFact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from wegmarke.people.consent.contracts import Preference

MOST_CATEGORIES: Final = 500
"""Names that messages may add to the list; whoever sends more is not naming categories."""
MOST_NAME: Final = 100
AT_ONCE: Final = 500


@transaction.atomic
def learn(preferences: Iterable[Preference], *, now: datetime) -> int:
    """Keep what messages say of consent; return how many facts are new.

    What changes nothing is not kept again. A category nobody has given a meaning is only listed.
    """
    told = sorted((one for one in preferences if _fits(one)), key=lambda one: one.at)
    if not told:
        return 0
    _list_categories(told, now)
    meanings = _meanings({name for one in told for name in one.categories})
    if not meanings:
        return 0
    known = _Known(
        {one.identifier for one in told}, {one.purpose_id for some in meanings.values() for one in some}
    )
    new = [
        row
        for one in told
        for name, agreed in one.categories.items()
        for meaning in meanings.get(name, ())
        if (row := _fact(one, meaning, agreed=agreed, now=now)) and known.add(row, chosen=one.chosen)
    ]
    ConsentFact.objects.bulk_create(new, batch_size=AT_ONCE)
    return len(new)


def _fits(one: Preference) -> bool:
    return len(one.identifier) <= 300 and "\0" not in one.identifier  # noqa: PLR2004 - as the column


def _list_categories(told: Sequence[Preference], now: datetime) -> None:
    names = {
        name for one in told for name in one.categories if 0 < len(name) <= MOST_NAME and "\0" not in name
    }
    known = set(Category.objects.values_list("name", flat=True))
    room = max(0, MOST_CATEGORIES - len(known))
    fresh = sorted(names - known)[:room]
    Category.objects.bulk_create([Category(name=one, first_at=now) for one in fresh], ignore_conflicts=True)


def _meanings(names: set[str]) -> dict[str, list[CategoryMeaning]]:
    found: dict[str, list[CategoryMeaning]] = {}
    for row in CategoryMeaning.objects.select_related("category"):
        if row.category.name in names:
            found.setdefault(row.category.name, []).append(row)
    return found


def _fact(one: Preference, meaning: CategoryMeaning, *, agreed: bool, now: datetime) -> ConsentFact:
    return ConsentFact(
        identifier=one.identifier,
        says=Says.GIVEN if agreed else Says.WITHDRAWN,
        purpose_id=meaning.purpose_id,
        channel=Channel(meaning.channel),
        at=one.at,
        recorded_at=now,
        how=How.EVENT if one.chosen else How.STAMP,
        wording_id=meaning.wording_id if agreed else None,
        place=one.source_name[:300],
    )


class _Known:
    """What is known of some identifiers, by what it is about, in the order of time."""

    def __init__(self, identifiers: set[str], purposes: set[int]) -> None:
        self._facts: dict[tuple[str, int | None, str], list[ConsentFact]] = {}
        listed = sorted(identifiers)
        for at in range(0, len(listed), AT_ONCE):
            some = listed[at : at + AT_ONCE]
            for row in ConsentFact.objects.filter(identifier__in=some, purpose__in=purposes):
                self._facts.setdefault(_about(row), []).append(row)

    def add(self, row: ConsentFact, *, chosen: bool) -> bool:
        """Take a fact and return True, unless it says nothing new."""
        about = self._facts.setdefault(_about(row), [])
        before = [one for one in about if one.at <= row.at]
        last = max(before, key=lambda one: (one.at, one.says != Says.GIVEN), default=None)
        if last is not None and last.says == row.says and (last.how == row.how or not chosen):
            return False
        if not chosen and row.says != Says.GIVEN and last is None:
            return False
        if not chosen and row.says == Says.GIVEN and any(one.says != Says.GIVEN for one in about):
            return False
        about.append(row)
        return True


def _about(row: ConsentFact) -> tuple[str, int | None, str]:
    return row.identifier, row.purpose_id, row.channel
