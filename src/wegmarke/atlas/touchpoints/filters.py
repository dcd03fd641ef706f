"""Which touchpoints the list shows: read from the address, written back into it. Pure but for the words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wegmarke.atlas import channels
from wegmarke.atlas.fields import FIELDS, choices, word_of
from wegmarke.atlas.touchpoints.understanding import FACETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wegmarke.plan.contracts import Plan, Touchpoint

    PhaseGroup = tuple[str, Sequence[tuple[str, str]]]

NOTHING = "-"
"""In the address: the touchpoints of which this is not said. No phase, channel, … is called like this."""
_VALUES: Mapping[str, Callable[[Touchpoint], Iterable[str]]] = {
    "phase": lambda one: one.phases,
    "channel": lambda one: [one.channel] if one.channel else (),
    "department": lambda one: [one.department] if one.department else (),
    "owner": lambda one: one.owners,
    "status": lambda one: _worded(one.status),
    "started_by": lambda one: _worded(one.started_by),
    "nature": lambda one: _worded(one.nature),
    "planned": lambda one: _worded(one.planned),
    "worth": lambda one: _worded(one.worth),
    "media": lambda one: _worded(one.media),
}
_LACKING: Mapping[str, Callable[[Touchpoint], bool]] = {
    "owner": lambda one: not one.owners,
    "purpose": lambda one: not one.purpose,
    "metric": lambda one: one.metric is None,
    "events": lambda one: not one.rules,
}
ORDERS = ("name", "phase", "channel", "department", "owners", "status", "started_by", "nature")
FIGURES = ("verdict", "persons", "experience")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; nonsense counts as nothing asked."""

    search: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    grouped: bool = False
    sort: str = ""
    descending: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str], lacking: Iterable[str]) -> Filters:
        """Read a query; `lacking` are the values of the parameter that may be there several times."""
        wanted = query.get("sort", "")
        sort = wanted.removeprefix("-")
        page = query.get("page", "1")
        return cls(
            search=query.get("q", "").strip(),
            values={name: query[name] for name in _VALUES if query.get(name)},
            lacking=tuple(name for name in _LACKING if name in set(lacking)),
            grouped=query.get("group") == "phase",
            sort=sort if sort in (*ORDERS, *FIGURES) else "",
            descending=wanted.startswith("-"),
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,  # noqa: PLR2004
        )

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.search or self.values or self.lacking)

    @property
    def facets_in_use(self) -> bool:
        """Whether one of the filters that are folded away is in use."""
        return bool(self.lacking or set(self.values) & set(FACETS))

    def query(self) -> list[tuple[str, str]]:
        """Return the state as it stands in the address, the page aside."""
        pairs = [("q", self.search)] if self.search else []
        pairs += self.values.items()
        pairs += [("lacks", name) for name in self.lacking]
        pairs += [("group", "phase")] if self.grouped else []
        return pairs + ([("sort", ("-" if self.descending else "") + self.sort)] if self.sort else [])

    def keep(self, touchpoints: Iterable[Touchpoint]) -> list[Touchpoint]:
        """Return the touchpoints that fit, in their order."""
        return [one for one in touchpoints if self._fits(one)]

    def _fits(self, touchpoint: Touchpoint) -> bool:
        return (
            all(_has(touchpoint, name, value) for name, value in self.values.items())
            and all(_LACKING[name](touchpoint) for name in self.lacking)
            and self._is_found(touchpoint)
        )

    def _is_found(self, touchpoint: Touchpoint) -> bool:
        """Say whether each word searched for stands somewhere in what is said about a touchpoint."""
        if not self.search:
            return True
        one = touchpoint
        said = [one.key, one.department or "", *one.owners]
        said += [one.channel, channels.name_of(one.channel)] if one.channel else []
        for text in (one.name, one.purpose, one.notes):
            said += [text.de, text.en]
        found = "\n".join(said).casefold()
        return all(word in found for word in self.search.casefold().split())


def _worded(value: object) -> tuple[str, ...]:
    return (word,) if (word := word_of(value)) else ()


def _has(touchpoint: Touchpoint, name: str, wanted: str) -> bool:
    values = tuple(_VALUES[name](touchpoint))
    return not values if wanted == NOTHING else wanted in values


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One filter as the page shows it; its choices in groups with a title, or without one."""

    name: str
    label: str
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]

    @property
    def active(self) -> bool:
        """Whether it leaves anything out."""
        return any(choice.chosen and choice.value for _title, group in self.groups for choice in group)


def controls(plan: Plan, filters: Filters, phases: Sequence[PhaseGroup]) -> tuple[Control, ...]:
    """Return the filters, each with what there is to choose; `phases` are those of each journey model."""
    offered: dict[str, Mapping[str, object]] = {
        "channel": channels.by_name(_met(plan, "channel")),
        **{name: {one: one for one in _met(plan, name)} for name in ("department", "owner")},
        **{name: dict(choices(name)) for name in ("status", *FACETS)},
    }
    groups: dict[str, Sequence[tuple[str, Mapping[str, object]]]] = {
        "phase": [(journey, dict(found)) for journey, found in phases],
        **{name: [("", found)] for name, found in offered.items()},
    }
    return tuple(
        Control(
            name,
            _("Phase") if name == "phase" else str(FIELDS[name]),
            tuple(_groups(name, found, filters.values.get(name, ""))),
        )
        for name, found in groups.items()
    )


def _groups(
    name: str, groups: Sequence[tuple[str, Mapping[str, object]]], chosen: str
) -> Iterable[tuple[str, tuple[Choice, ...]]]:
    yield "", (Choice("", _("All"), not chosen),)
    for title, found in groups:
        yield title, tuple(Choice(value, str(text), value == chosen) for value, text in found.items())
    if name != "status":
        yield "", (Choice(NOTHING, _("Not said"), chosen == NOTHING),)
    if chosen and chosen != NOTHING and not any(chosen in found for _title, found in groups):
        yield "", (Choice(chosen, chosen, chosen=True),)


def _met(plan: Plan, name: str) -> list[str]:
    found = {value for one in plan.touchpoints for value in _VALUES[name](one)}
    return sorted(found, key=str.casefold)


def gaps(filters: Filters, touchpoints: Iterable[Touchpoint]) -> tuple[tuple[str, str, int, bool], ...]:
    """Return what may be lacking: name in the address, words, how many lack it, whether it is asked for."""
    said = {
        "owner": _("Without owner"),
        "purpose": _("Without purpose"),
        "metric": _("Without metric"),
        "events": _("Without events"),
    }
    listed = list(touchpoints)
    return tuple(
        (name, text, sum(map(_LACKING[name], listed)), name in filters.lacking) for name, text in said.items()
    )
