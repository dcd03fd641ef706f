"""What stands on the page: from what was found to what the template shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wegmarke.atlas import channels, links
from wegmarke.atlas.discovery import listing, queries, wording
from wegmarke.atlas.discovery.rules import key_of
from wegmarke.insights import figures
from wegmarke.insights.links import with_query
from wegmarke.ui import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from wegmarke.atlas.discovery.contracts import Candidate, Discovered
    from wegmarke.atlas.discovery.listing import Wanted
    from wegmarke.atlas.pages import Here
    from wegmarke.plan.contracts import Plan

CHANNELS = (
    "mail",
    "web",
    "app",
    "phone",
    "chat",
    "sms",
    "letter",
    "store",
    "parcel",
    "ads",
    "event",
    "visit",
    "support",
)
HEIGHT = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the small chart, in its own units."""

    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One candidate with what its row shows; `name`, `channel` and `phase` are as somebody left them."""

    candidate: Candidate
    name: str
    channel: str
    phase: str
    checked: bool
    problem: str
    rules: str
    share: str
    started: object
    first: str
    last: str
    bars: tuple[Bar, ...]
    months: str
    like: str
    like_url: str
    may_add: bool


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A rule somebody found to be no touchpoint."""

    key: str
    words: str


def context(
    here: Here, found: Discovered, wanted: Wanted, entered: Mapping[str, Entered] | None = None
) -> dict[str, Any]:
    """Return what the page shows."""
    candidates = queries.still_open(found.found, here.plan)
    chosen = listing.chosen(candidates, wanted, here.plan, here.language)
    wanted = listing.within(wanted, len(chosen))
    first = (wanted.page - 1) * listing.PER_PAGE
    on_page = chosen[first : first + listing.PER_PAGE]
    kinds = [listing.kind_of(one, here.plan) for one in candidates]
    return {
        "found": found,
        "sentence": wording.sentence(found.found, kinds.count(listing.OPEN)),
        "open_count": kinds.count(listing.OPEN),
        "wanted": wanted,
        "tabs": _tabs(kinds, len(here.plan.not_touchpoints), wanted),
        "rows": [_shown(one, here, (entered or {}).get(one.key)) for one in on_page],
        "count": len(chosen),
        "pages": _pages(len(chosen), wanted),
        "phases": [(one.key, here.said(one.name) or one.key) for one in here.plan.phases],
        "channels": _channels(here.plan, candidates),
        "sorts": [(key, title) for key, (title, _key) in listing.SORTS.items()],
        "left_alone": [LeftAlone(key_of((one,)), wording.rule(one)) for one in here.plan.not_touchpoints],
        "exports": {
            ending: with_query(reverse("atlas:discovery-export", args=[ending]), wanted.as_query())
            for ending in ("csv", "xlsx")
        },
        "facts": _facts(found),
        "filtered": bool(wanted.text or wanted.channel or wanted.phase),
    }


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody entered in a row that could not be saved."""

    name: str
    channel: str
    phase: str
    checked: bool
    problem: str = ""


def _shown(one: Candidate, here: Here, entered: Entered | None) -> Shown:
    like = None if one.like is None else here.plan.touchpoint(one.like)
    return Shown(
        candidate=one,
        name=entered.name if entered else one.name.in_language(here.language),
        channel=channels.name_of(entered.channel if entered else one.channel or ""),
        phase=entered.phase if entered else one.phase or "",
        checked=entered is not None and entered.checked,
        problem=entered.problem if entered else "",
        rules=wording.rules(one),
        share=figures.small_share(one.share),
        started=wording.STARTED_BY.get(one.started_by, ""),
        first=listing.day(one.first),
        last=listing.day(one.last),
        bars=_bars(one.months),
        months=_months_in_words(one.months),
        like="" if like is None else here.said(like.name) or like.key,
        like_url="" if like is None else links.card(like.key),
        may_add=like is not None and here.may_edit,
    )


def _all_months(months: Mapping[str, int]) -> Iterator[str]:
    year, month = (int(part) for part in min(months).split("-"))
    last = max(months)
    while (name := f"{year:04d}-{month:02d}") <= last:
        yield name
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December


def _bars(months: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return bars from zero for the last 36 months, also those without an event."""
    counts = [months.get(name, 0) for name in _all_months(months)][-36:] if months else []
    most = max(counts, default=0) or 1
    heights = [max(1, round(HEIGHT * count / most)) if count else 0 for count in counts]
    return tuple(Bar(at * 4, HEIGHT - height, height) for at, height in enumerate(heights))


def _months_in_words(months: Mapping[str, int]) -> str:
    if not months:
        return ""
    counts = [months.get(name, 0) for name in _all_months(months)]
    return _("Events per month: %(least)s to %(most)s") % {
        "least": numbers.number(min(counts)),
        "most": numbers.number(max(counts)),
    }


def _tabs(kinds: Sequence[str], left_alone: int, wanted: Wanted) -> list[tuple[str, str, bool]]:
    counts = {
        listing.OPEN: (_("Possible touchpoints"), kinds.count(listing.OPEN)),
        listing.LIKE: (_("Look like existing ones"), kinds.count(listing.LIKE)),
        listing.TECHNICAL: (_("Probably technical"), kinds.count(listing.TECHNICAL)),
        listing.LEFT_ALONE: (_("No touchpoint"), left_alone),
    }
    path = reverse("atlas:discovery")
    return [
        (f"{title} ({numbers.number(count)})", with_query(path, {"show": show}), show == wanted.show)
        for show, (title, count) in counts.items()
    ]


def _pages(count: int, wanted: Wanted) -> list[tuple[str, str, bool]]:
    path = reverse("atlas:discovery")
    starts = range(0, count, listing.PER_PAGE)
    if len(starts) < 2:  # noqa: PLR2004 - one page needs no links
        return []
    return [
        (
            f"{start + 1}{numbers.NONE}{min(start + listing.PER_PAGE, count)}",
            with_query(path, replace(wanted, page=at).as_query()),
            at == wanted.page,
        )
        for at, start in enumerate(starts, start=1)
    ]


def _channels(plan: Plan, candidates: Sequence[Candidate]) -> dict[str, str]:
    planned = {one.channel for one in plan.touchpoints if one.channel}
    proposed = {one.channel for one in candidates if one.channel}
    return channels.by_name(planned | proposed | set(CHANNELS))


def _facts(discovered: Discovered) -> list[tuple[str, str]]:
    found = discovered.found
    rows = [
        (_("Events without a touchpoint"), numbers.number(found.events)),
        (_("Customers in the record"), numbers.number(found.persons)),
        (_("Customers who met one of these events"), numbers.number(found.touched)),
        (_("Groups left out, because fewer than 5 customers met them"), numbers.number(found.rare)),
        (_("As of"), numbers.when(discovered.computed_at)),
    ]
    if discovered.plan_version:
        rows.append((_("Plan version"), numbers.number(discovered.plan_version)))
    return rows
