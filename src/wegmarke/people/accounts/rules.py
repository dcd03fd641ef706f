"""Who belongs to an account: the newest decision by hand wins, else what messages say. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wegmarke.people.accounts.contracts import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wegmarke.people.accounts.contracts import Membership


def members(facts: Iterable[Membership], person_of: Callable[[str], str]) -> dict[tuple[str, str], bool]:
    """Say for each account and person whether they belong to it, by the facts that are not withdrawn."""
    said: dict[tuple[str, str], bool] = {}
    decided: dict[tuple[str, str], bool] = {}
    for one in sorted(facts, key=lambda fact: fact.number):
        if one.withdrawn_at is None:
            both = (one.account, person_of(one.identifier))
            if one.said.by_hand:
                decided[both] = one.said is Said.JOINED
            else:
                said[both] = True
    return said | decided
