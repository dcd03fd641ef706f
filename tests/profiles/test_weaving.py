"""Time lines are woven page by page: nothing is left out, nothing comes twice, the newest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wegmarke.profiles import weaving
from wegmarke.profiles.contracts import Entry, Feel, Wanted

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
hours = st.integers(0, 12)
strands = st.lists(st.lists(hours, max_size=30), min_size=1, max_size=4)


def entries(name: str, at: list[int]) -> list[Entry]:
    return [
        Entry(at=BEGIN + timedelta(hours=hour), strand=name, title=f"{name} {number}")
        for number, hour in enumerate(sorted(at, reverse=True))
    ]


def before(some: list[Entry], moment: datetime | None) -> list[Entry]:
    return [one for one in some if moment is None or one.at < moment]


@given(strands, st.integers(1, 7))
def test_pages_together_are_the_whole_time_line(lists, size):
    made = [entries(f"s{number}", one) for number, one in enumerate(lists)]
    found: list[Entry] = []
    older = None
    for _page in range(200):
        page = weaving.page_of([iter(before(one, older)) for one in made], lambda _entry: True, size=size)
        assert len(page.entries) >= size or page.older is None
        found += page.entries
        older = page.older
        if older is None:
            break
    everything = [entry for one in made for entry in one]
    assert sorted(one.title for one in found) == sorted(one.title for one in everything)
    assert [one.at for one in found] == sorted((one.at for one in everything), reverse=True)


@given(strands.map(lambda lists: lists[0]), st.integers(1, 4))
def test_a_strand_read_in_runs_yields_all_of_it_in_order(at, first):
    whole = entries("event", at)

    def read(moment, limit):
        some = before(whole, moment)
        return some[:limit], len(some) > limit

    assert list(weaving.runs(read, None, first=first)) == whole


def test_a_strand_is_read_no_further_than_needed():
    whole = entries("event", list(range(100)))
    asked = []

    def read(moment, limit):
        asked.append(limit)
        some = before(whole, moment)
        return some[:limit], len(some) > limit

    weaving.page_of([weaving.runs(read, None, first=20)], lambda _entry: True, size=10)
    assert asked == [20]


def test_a_search_that_finds_nothing_ends_and_says_where(monkeypatch):
    monkeypatch.setattr(weaving, "MOST_LOOKED_AT", 10)
    whole = entries("event", list(range(40)))
    page = weaving.page_of([iter(whole)], lambda _entry: False, size=5)
    assert page.entries == ()
    assert page.exhausted
    assert page.older == whole[9].at


def test_what_is_wanted_is_told_by_every_word_of_an_entry():
    entry = Entry(
        at=BEGIN,
        strand="event",
        title="Checkout",
        said="Payment Failed",
        touchpoint="checkout",
        phase="buy",
        feel=Feel.BAD,
        facts=(("error.code", "CARD"),),
    )
    other = replace(
        entry, strand="consent", title="Given", said="", touchpoint=None, phase=None, feel=None, facts=()
    )
    wanted = {
        Wanted(): (True, True),
        Wanted(text="card"): (True, False),
        Wanted(text="given"): (False, True),
        Wanted(strands=frozenset({"consent"})): (False, True),
        Wanted(phase="buy"): (True, False),
        Wanted(touchpoint="checkout", feel=Feel.GOOD): (False, False),
        Wanted(feel=Feel.BAD): (True, False),
    }
    found = {one: (weaving.fitting(one)(entry), weaving.fitting(one)(other)) for one in wanted}
    assert found == wanted
