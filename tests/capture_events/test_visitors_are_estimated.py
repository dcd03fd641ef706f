"""Visitors of a day are estimated without an id, and nothing that tells one of them outlives the day."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError

from support.event_api import ask, basic
from support.loops import run
from wegmarke.capture.sources import services
from wegmarke.capture.visitors import keeping, queries, sketch, steps
from wegmarke.capture.visitors.models import VisitorDay

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVENT = json.dumps({"type": "page", "anonymousId": "v"}).encode()


def counted(things: int, seed: int = 1) -> bytearray:
    chance = random.Random(seed)  # noqa: S311 - digests for a test
    registers = sketch.empty()
    for _ in range(things):
        sketch.add(registers, chance.getrandbits(64))
    return registers


@pytest.mark.parametrize("things", [0, 1, 2, 10, 100, 1_000, 5_000, 10_000, 15_000, 20_000, 60_000])
def test_an_estimate_is_right_within_its_error_at_every_size(things):
    ratios = [sketch.estimate(counted(things, seed)) - things for seed in range(4)]
    assert abs(sum(ratios) / 4) <= max(0.5, 2.5 * sketch.ERROR * things / 2)
    assert all(abs(off) <= max(0.5, 4 * sketch.ERROR * things) for off in ratios)


def test_what_was_counted_before_changes_nothing_and_sketches_add_up():
    one, two = counted(500, 1), counted(500, 2)
    before = bytes(one)
    chance = random.Random(1)  # noqa: S311 - digests for a test
    for _ in range(500):
        sketch.add(one, chance.getrandbits(64))
    assert bytes(one) == before
    assert sketch.together(one, one) == one
    assert sketch.estimate(sketch.together(one, two)) == pytest.approx(1_000, rel=0.05)


def test_a_digest_of_zeros_and_one_of_ones_are_counted():
    registers = sketch.empty()
    sketch.add(registers, 0)
    sketch.add(registers, 2**64 - 1)
    assert (registers[0], registers[-1]) == (53, 1)
    assert round(sketch.estimate(registers)) == 2


@pytest.mark.django_db(transaction=True)
class TestADay:
    def live(self, source, *visits, day=DAY, visitors=None):
        """Let visitors come, one address and browser each, and write it down as ten seconds later."""
        of = visitors or keeping.Visitors(wait=3_600)

        async def come():
            for address, browser in visits:
                await of.seen(source, day, address=address, browser=browser)
            assert of._writing is None or not of._writing.done()
            await of.write()
            if of._writing:
                of._writing.cancel()

        run(come())
        return of

    def shown(self, source, now=NOON):
        return [(one.day, one.visitors, one.open) for one in queries.estimates(source, now=now)]

    def test_different_addresses_and_browsers_are_different_visitors(self, source):
        self.live(source, ("1.2.3.4", "Firefox"), ("1.2.3.4", "Chromium"), ("1.2.3.5", "Firefox"))
        self.live(source, ("1.2.3.4", "Firefox"))  # another process, or after a restart
        assert self.shown(source) == [(DAY, 3, True)]

    def test_after_the_day_neither_salt_nor_sketch_is_left(self, source):
        of = self.live(source, ("1.2.3.4", "Firefox"))
        assert of._open == {}
        assert not steps.close_one(NOON)
        assert not steps.close_one(datetime(2026, 3, 2, tzinfo=UTC))
        assert steps.close_one(datetime(2026, 3, 2, 0, 1, tzinfo=UTC))
        assert not steps.close_one(datetime(2026, 3, 3, tzinfo=UTC))
        row = VisitorDay.objects.get()
        assert (row.salt, row.sketch, row.visitors) == (None, None, 1)

    def test_to_a_closed_day_nothing_is_added(self, source):
        self.live(source, ("1.2.3.4", "Firefox"))
        steps.close_one(NOON + timedelta(days=1))
        self.live(source, ("1.2.3.5", "Firefox"))
        assert self.shown(source, NOON + timedelta(days=1)) == [(DAY, 1, False)]

    def test_each_day_and_source_has_a_salt_of_its_own(self, source):
        other = services.add_source(name="App", by=None, now=NOON)
        for of, day in ((source, DAY), (other, DAY), (source, DAY + timedelta(days=1))):
            self.live(of, ("1.2.3.4", "Firefox"), day=day)
        rows = VisitorDay.objects.all()
        assert len({bytes(row.salt) for row in rows}) == len({bytes(row.sketch) for row in rows}) == 3

    def test_a_database_that_fails_costs_the_estimate_and_nothing_else(self, source, monkeypatch):
        def fail(*_args, **_more):
            raise DatabaseError

        self.live(source, ("1.2.3.4", "Firefox"))
        monkeypatch.setattr(keeping, "_add", fail)
        self.live(source, ("1.2.3.5", "Firefox"))
        monkeypatch.setattr(keeping.VisitorDay.objects, "filter", fail)
        self.live(source, ("1.2.3.6", "Firefox"))
        monkeypatch.undo()
        assert self.shown(source) == [(DAY, 1, True)]

    def test_what_was_counted_is_written_by_itself(self, source):
        of = keeping.Visitors(wait=0)

        async def come():
            await of.seen(source, DAY, address="1.2.3.4", browser="Firefox")
            await of._writing

        run(come())
        assert self.shown(source) == [(DAY, 1, True)]

    def test_figures_have_no_more_digits_than_the_estimate_supports(self, source):
        VisitorDay.objects.create(source_id=source, day=DAY, visitors=12_345)
        (one,) = queries.estimates(source, now=NOON)
        assert (one.visitors, one.low, one.high) == (12_300, 11_900, 12_700)

    @pytest.mark.parametrize(
        "case",
        [
            (True, {}, EVENT, 1),
            (True, {"dnt": "1"}, EVENT, 0),
            (True, {}, b'{"anonymousId":"v","context":{"gpc":true}}', 0),
            (False, {}, EVENT, 0),
        ],
    )
    def test_only_a_source_that_chose_so_counts_and_only_who_may_be_watched(
        self, api, source, browser_key, case
    ):
        estimates, header, event, visitors = case
        services.change_source(source=source, name="Shop", origins=[], estimates_visitors=estimates, by=None)
        api.visitors.wait = 3_600
        for _ in range(2):
            ask(api, event, path="/v1/page", authorization=basic(browser_key), user_agent="Firefox", **header)
        run(api.visitors.write())
        assert sum(one.visitors for one in queries.estimates(source, now=datetime.now(UTC))) == visitors

    def test_neither_address_nor_browser_is_anywhere_in_the_table(self, source):
        self.live(source, ("203.0.113.77", "CanaryBrowser"))
        row = VisitorDay.objects.get()
        everything = bytes(row.salt) + bytes(row.sketch)
        assert b"203.0.113.77" not in everything
        assert b"Canary" not in everything
