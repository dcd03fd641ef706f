"""The demo company as tables: made from a seed, in the record's schemas, plausible."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from wegmarke.analysis.journeys import Experience
from wegmarke.demo.export import plan_text
from wegmarke.demo.generate import generate
from wegmarke.demo.kinds import BAD, GOOD, KINDS
from wegmarke.demo.truth import undocumented
from wegmarke.plan import documents
from wegmarke.plan.rules import bindings_of
from wegmarke.record.binding import bind
from wegmarke.record.contracts import EVENT_SCHEMA, TRAITS_SCHEMA

LAST_DAY = date(2026, 6, 30)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def made():
    return generate(seed=5, ends_on=LAST_DAY, customers=2000)


def names(made):
    return np.array(made.events["name"].cast(pa.string()).to_pylist())


def local_times(made, event):
    times = made.events.filter(pc.equal(made.events["name"].cast(pa.string()), event))["time"]
    return [one.astimezone(BERLIN) for one in times.to_pylist()]


def test_the_same_seed_makes_the_same_company(made):
    again = generate(seed=5, ends_on=LAST_DAY, customers=2000)
    assert again.events.equals(made.events)
    assert again.traits.equals(made.traits)


def test_another_seed_makes_another_company(made):
    assert not generate(seed=6, ends_on=LAST_DAY, customers=2000).events.equals(made.events)


def test_the_tables_have_the_schemas_of_the_record(made):
    assert made.events.schema == EVENT_SCHEMA
    assert made.traits.schema == TRAITS_SCHEMA
    for column in ("person", "time", "name"):
        assert made.events[column].null_count == 0


def test_two_years_end_with_the_given_day(made):
    times = made.events["time"]
    first, last = (f(times).as_py().astimezone(BERLIN) for f in (pc.min, pc.max))
    assert last.date() == LAST_DAY
    assert first.date() == LAST_DAY - timedelta(days=729)
    assert pc.all(pc.less_equal(times[:-1], times[1:])).as_py()


def test_customers_have_numbers_and_visitors_cookies(made):
    persons = made.events["person"].unique().to_pylist()
    visitors = {p for p in persons if p.startswith("anon-")}
    assert len(persons) - len(visitors) == pytest.approx(2000, rel=0.02)
    assert len(visitors) == 2000 // 3
    ways = made.traits.filter(pc.equal(made.traits["name"].cast(pa.string()), "Gewonnen über"))
    assert not visitors & set(ways["person"].to_pylist())


def test_business_customers_share_accounts(made):
    accounts = made.traits.filter(pc.equal(made.traits["name"].cast(pa.string()), "Konto"))[
        "value"
    ].to_pylist()
    assert len(set(accounts)) < len(accounts) < 0.1 * 2000


def test_every_event_of_the_plan_is_bound_to_its_touchpoint_as_it_was_meant(made):
    bound = bind(made.events, bindings_of(documents.load(plan_text())))
    keys = [t.key for t in documents.load(plan_text()).touchpoints]
    assert set(bound.unbound_names()) <= set(undocumented())
    lived = made.lives.touches.kind[made.lives.lived]
    counts = np.bincount(bound.touchpoint[bound.touchpoint >= 0], minlength=len(keys))
    for key, count in zip(keys, counts.tolist(), strict=True):
        if key not in {"cancellation", "cancellation_page"}:
            (code,) = [c for c, kind in enumerate(KINDS) if kind.key == key]
            assert count == np.count_nonzero(lived == code), key


def test_the_rules_of_the_plan_read_the_experience_the_generator_meant(made):
    touches, lived = made.lives.touches, made.lives.lived
    plan = documents.load(plan_text())
    bound = bind(made.events, bindings_of(plan))
    for place, touchpoint in enumerate(plan.touchpoints):
        (kind,) = [k for k in KINDS if k.key == touchpoint.key]
        if not touchpoint.experience or touchpoint.key == "checkout_payment":  # method says more there
            continue
        code = KINDS.index(kind)
        for felt, experience in ((BAD, Experience.BAD), (GOOD, Experience.GOOD)):
            meant = np.count_nonzero(lived & (touches.kind == code) & (touches.felt == felt))
            read = np.count_nonzero((bound.touchpoint == place) & (bound.experience == experience))
            assert read == meant, (touchpoint.key, experience)


def test_a_dozen_event_names_are_in_no_plan(made):
    plan = documents.load(plan_text())
    planned = {rule.event for touchpoint in plan.touchpoints for rule in touchpoint.rules}
    left_over = set(names(made)) - planned
    assert left_over == set(undocumented())
    assert 8 <= len(left_over) <= 12


@pytest.mark.parametrize(
    ("event", "days", "first", "last"),
    [
        ("Machine Repaired", 5, 8, 18),
        ("Store Purchase", 6, 9, 19),
        ("Sales Visit", 5, 9, 17),
        ("Parcel Delivered", 6, 8, 19),
    ],
)
def test_people_work_at_german_hours(made, event, days, first, last):
    times = local_times(made, event)
    assert len(times) > 100
    assert max(one.weekday() for one in times) < days
    assert all(first <= one.hour < last for one in times)
    assert not [one for one in times if (one.month, one.day) in {(12, 25), (12, 26), (1, 1), (5, 1), (10, 3)}]


def test_visits_come_in_the_evening_and_before_christmas(made):
    times = local_times(made, "Cart Viewed")
    hours = np.bincount([one.hour for one in times], minlength=24)
    assert hours[19:22].sum() > 5 * hours[2:5].sum()
    year = [one for one in times if datetime(2025, 7, 1, tzinfo=BERLIN) <= one]
    months = np.bincount([one.month for one in year], minlength=13)
    assert months[12] > 1.15 * months[8]


def test_deliveries_got_better_in_the_second_year(made):
    touches, lived = made.lives.touches, made.lives.lived
    parcels = lived & (touches.kind == [k.key for k in KINDS].index("delivery"))
    late = touches.felt == BAD
    before, after = (late[parcels & span].mean() for span in (touches.day < 450, touches.day > 470))
    assert before == pytest.approx(0.18, abs=0.03)
    assert after == pytest.approx(0.05, abs=0.02)


def test_the_loyal_answer_more(made):
    ways = made.traits.filter(pc.equal(made.traits["name"].cast(pa.string()), "Gewonnen über"))
    way = dict(zip(ways["person"].to_pylist(), ways["value"].to_pylist(), strict=True))
    parcels = made.events.filter(pc.equal(made.events["name"].cast(pa.string()), "Parcel Delivered"))
    answered = np.array(parcels["rating"].is_valid().to_pylist())
    of = np.array([way[p] for p in parcels["person"].to_pylist()])
    assert answered[of == "Empfehlung"].mean() > 2 * answered[of == "Gutscheinportal"].mean()


def test_values_are_money(made):
    orders = made.events.filter(pc.equal(made.events["name"].cast(pa.string()), "Order Completed"))["value"]
    assert orders.null_count == 0
    assert 30 < pc.quantile(orders, 0.5)[0].as_py() < 60
    assert made.events["value"].null_count > 0


def test_nobody_does_anything_after_leaving_but_say_so(made):
    touches, lives = made.lives.touches, made.lives
    gone = np.full(len(made.people), np.inf)
    gone[touches.person[lives.left]] = touches.day[lives.left]
    assert np.all(touches.day[lives.lived] <= gone[touches.person[lives.lived]])
    assert 0.2 < np.isfinite(gone[~made.people.anonymous]).mean() < 0.7


def test_a_tiny_company_can_be_made():
    tiny = generate(seed=1, ends_on=LAST_DAY, customers=3)
    assert tiny.events.num_rows > 0
