"""A few persons are looked up in the log: the same rows as reading all of it would give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from record_strategies import event, event_table, trait_table

from wegmarke.analysis.journeys import Experience
from wegmarke.record import lookup, queries, services, steps
from wegmarke.record.contracts import (
    TRAITS_SCHEMA,
    BindingRule,
    Bindings,
    Condition,
    Operator,
    TouchpointBinding,
)
from wegmarke.record.errors import LogDamagedError
from wegmarke.record.found import EventPage
from wegmarke.record.layout import existing_log
from wegmarke.record.models import LogFile

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_PLAN = Bindings()
SHOP = Bindings(
    touchpoints=(
        TouchpointBinding(
            "cart",
            (BindingRule("bought", (Condition("basket", Operator.IS, "full"),)),),
            otherwise=Experience.GOOD,
            phase="buy",
        ),
    ),
    phases=("buy",),
)


def append(key, events=(), traits=(), now=NOW):
    with services.writing() as writer:
        writer.append(
            events=event_table(events), traits=trait_table(traits), source="a file", batch_key=key, now=now
        )


def trait(person, name, value):
    return {"person": person, "name": name, "value": value}


def names(page):
    return [one.name for one in page.events]


def test_without_a_log_nobody_is_known(data_dir):
    assert queries.events_of(["ann"], NO_PLAN, limit=5) == EventPage((), more=False)
    assert queries.traits_of(["ann"]) == ()
    assert queries.last_seen(limit=5) == ()
    assert queries.trait_names() == ()
    assert queries.persons_beginning(["a"], limit=5) == ()
    assert not queries.is_known("ann")


def test_all_events_of_all_identifiers_come_newest_first_and_nobody_elses(data_dir):
    append("1", [event("ann", at, f"ann {at}") for at in range(5)] + [event("bob", 2, "bob")])
    append("2", [event("~a:ann's phone", at, f"phone {at}") for at in (1, 7)])
    page = queries.events_of(["ann", "~a:ann's phone"], NO_PLAN, limit=20)
    assert [one.name.split()[1] for one in page.events] == ["7", "4", "3", "2", "1", "1", "0"]
    assert {one.person for one in page.events} == {"ann", "~a:ann's phone"}
    assert not page.more
    assert queries.events_of([], NO_PLAN, limit=20).events == ()


def test_pages_go_on_where_the_one_before_ended(data_dir):
    append("1", [event("ann", at, f"e{at}") for at in range(10)])
    first = queries.events_of(["ann"], NO_PLAN, limit=4)
    assert (names(first), first.more) == (["e9", "e8", "e7", "e6"], True)
    rest = queries.events_of(["ann"], NO_PLAN, before=first.events[-1].time, limit=6)
    assert (names(rest), rest.more) == (["e5", "e4", "e3", "e2", "e1", "e0"], False)
    since = queries.events_of(["ann"], NO_PLAN, since=first.events[1].time, limit=6)
    assert names(since) == ["e9", "e8"]


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 100])
def test_windows_of_time_hold_every_event_once_the_oldest_first(data_dir, rows):
    moments = (0, 0, 0, 1, 2, 3, 3, 4, 90_000)
    append("1", [event("ann", at, f"e{place}") for place, at in enumerate(moments)] + [event("bob", 1)])
    append("2", [event("~a:phone", at, f"p{at}") for at in (2, 3, 100_000)])
    both = ["ann", "~a:phone"]
    whole = queries.events_of(both, NO_PLAN, limit=50).events
    windows = queries.windows_of(both, rows=rows)
    assert (windows[0][0], windows[-1][1]) == (None, None)
    pages = [queries.events_of(both, NO_PLAN, since=a, before=b, limit=50).events for a, b in windows]
    assert all(pages)
    assert [one for page in reversed(pages) for one in page] == list(whole)
    assert all(len(page) < rows + 4 for page in pages), "no more than one moment too many"
    assert queries.windows_of(["nobody"], rows=rows) == ()


def test_of_the_same_moment_the_later_arrival_comes_first_also_after_files_were_merged(data_dir):
    for at in range(10):
        append(str(at), [event("ann", 1, f"e{at}"), event("ann", 1, f"f{at}")])
    expected = [f"{letter}{at}" for at in reversed(range(10)) for letter in "fe"]
    assert names(queries.events_of(["ann"], NO_PLAN, limit=50)) == expected
    while steps.compact_one(NOW):
        pass
    assert LogFile.objects.filter(until=None).count() < 10
    assert names(queries.events_of(["ann"], NO_PLAN, limit=50)) == expected


def test_events_say_what_the_plan_makes_of_them(data_dir):
    append("1", [event("ann", 1, "bought", properties='{"basket": "full"}'), event("ann", 0, "left")])
    bought, left = queries.events_of(["ann"], SHOP, limit=5).events
    assert (bought.touchpoint, bought.phase, bought.experience) == ("cart", "buy", Experience.GOOD)
    assert (left.touchpoint, left.phase, left.experience) == (None, None, Experience.UNKNOWN)
    assert bought.properties == '{"basket": "full"}'
    assert bought.time.utcoffset() == timedelta()


@pytest.mark.parametrize("hostile", ["' OR 1=1 --", "{files}", "{whose}", 'x"; DROP TABLE t; --', "?"])
def test_hostile_identifiers_are_only_compared(data_dir, hostile):
    append("1", [event("ann", 1, "seen")], [trait("ann", "name", "Ann")])
    assert queries.events_of([hostile], NO_PLAN, limit=5).events == ()
    assert queries.persons_with(["name", hostile], hostile, limit=5) == ()
    append("2", [event(hostile, 1, "seen")])
    assert len(queries.events_of([hostile], NO_PLAN, limit=5).events) == 1


def test_traits_say_since_when_and_from_where(data_dir):
    append("1", traits=[trait("ann", "plan", "basic"), trait("bob", "plan", "pro")])
    append("2", traits=[trait("ann", "plan", "pro")], now=NOW + timedelta(days=1))
    said = [(one.value, one.at, one.source) for one in queries.traits_of(["ann"])]
    assert said == [("basic", NOW, "a file"), ("pro", NOW + timedelta(days=1), "a file")]


def test_traits_that_an_earlier_version_wrote_are_read_without_time_and_source(data_dir):
    append("1", traits=[trait("ann", "plan", "basic")])
    file = LogFile.objects.get(kind="traits")
    place = existing_log().committed(file.path)
    pq.write_table(pq.read_table(place).select(TRAITS_SCHEMA.names), place)
    LogFile.objects.filter(pk=file.pk).update(size=place.stat().st_size)
    (old,) = queries.traits_of(["ann"])
    assert (old.value, old.at, old.source) == ("basic", None, None)
    append("2", traits=[trait("ann", "plan", "pro")], now=NOW)
    assert [one.value for one in queries.traits_of(["ann"])] == ["basic", "pro"]
    assert queries.trait_names() == (("plan", 1),)


@pytest.mark.parametrize("text", ["Erika", "erika muster", "MUSTER", "Erika Mustermann"])
def test_persons_are_found_by_the_beginning_of_a_trait_or_of_a_word_in_it(data_dir, text):
    append("1", traits=[trait("u1", "name", "Erika Mustermann"), trait("u2", "city", "Muster")])
    assert [one.person for one in queries.persons_with(["name"], text, limit=5)] == ["u1"]
    assert queries.persons_with(["name"], "stermann", limit=5) == ()


def test_those_seen_last_are_found_over_all_files(data_dir):
    append("1", [event(f"p{at}", at, "x") for at in range(20)])
    append("2", [event("p3", 50, "x"), event("p0", 30, "x")])
    assert [person for person, _time in queries.last_seen(limit=4)] == ["p3", "p0", "p19", "p18"]


def test_persons_of_the_journeys_are_found_by_their_beginning(data_dir):
    append("1", [event(person, 1, "x") for person in ("anna", "anton", "bert", "~a:an")])
    services.build_journeys(Bindings(unbound_names_are_touchpoints=True), plan_version="1", now=NOW)
    assert queries.persons_beginning(["an", "~a:an"], limit=5) == ("anna", "anton", "~a:an")
    assert queries.persons_beginning(["an"], limit=1) == ("anna",)


def test_somebody_with_nothing_but_traits_is_known(data_dir):
    append("1", [event("bob", 1, "x")], [trait("ann", "plan", "pro")])
    assert [queries.is_known(one) for one in ("ann", "bob", "cleo")] == [True, True, False]


def test_a_file_that_was_altered_or_is_gone_is_told(data_dir):
    append("1", [event("ann", 1, "x")])
    place = existing_log().committed(LogFile.objects.get(kind="events").path)
    content = place.read_bytes()
    place.write_bytes(content[:-1])
    with pytest.raises(LogDamagedError, match="not what was written"):
        queries.events_of(["ann"], NO_PLAN, limit=5)
    place.write_bytes(b"x" * len(content))
    with pytest.raises(LogDamagedError):
        queries.events_of(["ann"], NO_PLAN, limit=5)
    place.unlink()
    with pytest.raises(LogDamagedError, match="missing"):
        queries.events_of(["ann"], NO_PLAN, limit=5)


def test_a_file_put_aside_between_listing_and_reading_is_listed_again(data_dir, monkeypatch):
    append("1", [event("ann", 1, "x")])
    listed, real = [], lookup._files

    def first_elsewhere(kind, identifiers):
        listed.append(kind)
        found = real(kind, identifiers)
        return [("/nowhere/" + path, file) for path, file in found] if len(listed) == 1 else found

    monkeypatch.setattr(lookup, "_files", first_elsewhere)
    monkeypatch.setattr(lookup, "_ask", _missing_first(lookup._ask))
    assert len(queries.events_of(["ann"], NO_PLAN, limit=5).events) == 1
    assert listed == ["events", "events"]


def _missing_first(ask):
    def asked(files, *more):
        if files[0].startswith("/nowhere/"):
            raise FileNotFoundError(files[0])
        return ask(files, *more)

    return asked


def test_the_database_reaches_nothing_but_the_log(data_dir, tmp_path):
    import duckdb

    append("1", [event("ann", 1, "x")])
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    database = lookup._database(lookup.os.getpid(), str(existing_log().folder))
    with pytest.raises(duckdb.PermissionException):
        database.sql("SELECT * FROM read_csv(?)", params=[str(secret)]).fetchall()
    with pytest.raises(duckdb.InvalidInputException):
        database.execute("SET enable_external_access = true")


def test_looking_somebody_up_asks_the_database_once(data_dir, django_assert_num_queries):
    append("1", [event("ann", 1, "x")])
    with django_assert_num_queries(1):
        queries.events_of(["ann"], NO_PLAN, limit=5)
