"""What is missing or unclear on the design cards. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wegmarke.atlas.audit.contracts import Finding, Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from wegmarke.atlas.audit.contracts import Ground
    from wegmarke.plan.contracts import Touchpoint


def _missing(
    ground: Ground, kind: Kind, severity: Severity, field: str, *, has: Callable[[Touchpoint], object]
) -> Iterator[Finding]:
    for one in ground.live:
        if not has(one):
            yield Finding(kind, severity, (one.key,), field=field)


def no_purpose(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints of which nobody said what they are for."""
    return _missing(ground, Kind.NO_PURPOSE, Severity.MEDIUM, "purpose", has=lambda one: one.purpose)


def no_owner(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints nobody answers for."""
    return _missing(ground, Kind.NO_OWNER, Severity.MEDIUM, "owners", has=lambda one: one.owners)


def no_department(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints without a department."""
    return _missing(ground, Kind.NO_DEPARTMENT, Severity.LOW, "department", has=lambda one: one.department)


def no_metric(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints whose success cannot be told."""
    return _missing(ground, Kind.NO_METRIC, Severity.LOW, "metric", has=lambda one: one.metric)


def no_channel(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints of which nobody said where customers meet them."""
    return _missing(ground, Kind.NO_CHANNEL, Severity.LOW, "channel", has=lambda one: one.channel)


def several_owners(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints with more owners than answer for one thing."""
    for one in ground.live:
        if len(one.owners) > ground.limits.most_owners:
            values = {"owners": one.owners, "most": ground.limits.most_owners}
            yield Finding(Kind.SEVERAL_OWNERS, Severity.MEDIUM, (one.key,), values=values, field="owners")


def owner_unclear(ground: Ground) -> Iterator[Finding]:
    """Find owners that are neither an account nor a department: nobody is told anything."""
    known = ground.accounts | ground.departments
    for one in ground.live:
        strange = strangers(one, known)
        if strange:
            values = {"owners": strange}
            yield Finding(Kind.OWNER_UNCLEAR, Severity.MEDIUM, (one.key,), values=values, field="owners")


def strangers(touchpoint: Touchpoint, known: Collection[str]) -> tuple[str, ...]:
    """Return the owners who are none of the known accounts and departments."""
    return tuple(owner for owner in touchpoint.owners if owner.strip().casefold() not in known)


def duplicate_name(ground: Ground) -> Iterator[Finding]:
    """Find touchpoints of the same name in either language, punctuation and case apart."""
    for language in ("de", "en"):
        named: dict[str, list[str]] = defaultdict(list)
        for one in ground.live:
            named[plain_name(one.name.in_language(language))].append(one.key)
        for name, keys in named.items():
            if name and len(keys) > 1 and not (language == "en" and _alike(ground, keys, "de")):
                yield Finding(Kind.DUPLICATE_NAME, Severity.MEDIUM, tuple(keys), field="name")


def _alike(ground: Ground, keys: list[str], language: str) -> bool:
    """Say whether these were found in another language already."""
    names = {plain_name(one.name.in_language(language)) for one in ground.live if one.key in keys}
    return len(names) == 1


def plain_name(name: str) -> str:
    """Return a name without what people write differently: case, spaces, punctuation."""
    return "".join(character for character in name.casefold() if character.isalnum())
