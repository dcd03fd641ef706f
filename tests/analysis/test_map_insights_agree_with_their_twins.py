"""By month, by group, by cell: the same figures as counted person by person with lists and loops."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import END, journeys, outcomes

from wegmarke.analysis import grouping
from wegmarke.analysis.asking import ask
from wegmarke.analysis.errors import InvalidQuestionError
from wegmarke.analysis.estimates import (
    bad_share,
    bad_shares,
    drop_off,
    drop_offs,
    net_experience,
    net_experiences,
)
from wegmarke.analysis.journeys import Attribute, Journeys, Landscape
from wegmarke.analysis.kernels.groups import (
    BAD_SIZE,
    BAD_SQUARE,
    CROSS,
    GOOD_SQUARE,
    PERSONS,
    SIZE,
    SQUARE,
    group_sums,
)
from wegmarke.analysis.load import LoadQuestion
from wegmarke.analysis.monthly import MonthlyQuestion
from wegmarke.analysis.outcomes import DAY, Outcome, Period
from wegmarke.analysis.spans import month_starts, quarter_starts
from wegmarke.analysis.spread import SpreadQuestion

PERIOD = Period(0, END)
NAMES = (("purchase", "web"), ("purchase", "mail"), ("use", ""))


@given(st.data())
@settings(max_examples=150)
def test_months_count_touches_persons_and_experiences(data):
    some = data.draw(journeys())
    outcome = data.draw(outcomes(some.landscape))
    insight = ask(MonthlyQuestion(outcome, PERIOD), [some])
    expected = twins.experience_counts(some, lambda _, seconds, code: (code, twins.month_of(seconds)))
    got = {
        (code, c.start): (c.touches, c.persons, c.bad, c.neutral, c.good)
        for code, touchpoint in enumerate(insight.touchpoints)
        for c in touchpoint.months
    }
    assert got == expected
    assert [t.touchpoint for t in insight.touchpoints] == list(some.landscape.touchpoints)


@given(st.data())
@settings(max_examples=150)
def test_the_first_and_the_last_touch_of_a_touchpoint(data):
    some = data.draw(journeys())
    insight = ask(MonthlyQuestion(Outcome(), PERIOD), [some])
    times = defaultdict(list)
    for own in twins.persons_of(some):
        for seconds, code, _ in own:
            times[code].append(seconds)
    for code, touchpoint in enumerate(insight.touchpoints):
        met = times.get(code)
        expected = (min(met), max(met)) if met else (None, None)
        assert (touchpoint.first_touch, touchpoint.last_touch) == expected


@given(st.data())
@settings(max_examples=150)
def test_a_months_drop_off_counts_persons_and_is_open_where_it_cannot_be_known(data):
    some = data.draw(journeys())
    outcome = data.draw(outcomes(some.landscape))
    left = defaultdict(set)
    lasts = twins.last_actions(some, outcome, END)
    for person, (own, last) in enumerate(zip(twins.persons_of(some), lasts, strict=True)):
        for i in last:
            left[own[i][1], twins.month_of(own[i][0])].add(person)
    ends = dict(zip(month_starts(PERIOD)[:-1].tolist(), month_starts(PERIOD)[1:].tolist(), strict=True))
    for code, touchpoint in enumerate(ask(MonthlyQuestion(outcome, PERIOD), [some]).touchpoints):
        for cell in touchpoint.months:
            known = outcome.knows_leaving and ends[cell.start] + outcome.quiet_seconds <= END + 1
            assert (cell.drop_off is not None) == known
            if cell.drop_off is not None:
                assert round(cell.drop_off.estimate * cell.persons) == len(left[code, cell.start])


@given(st.data())
@settings(max_examples=150)
def test_groups_count_touches_persons_and_experiences(data):
    some = data.draw(journeys())
    attribute = data.draw(st.sampled_from([None, "segment"]))
    insight = ask(SpreadQuestion(attribute), [some])

    def group(person):
        return twins.value_of(some, person, attribute)

    cells = {(c.touchpoint, c.group): (c.touches, c.persons, c.bad, c.neutral, c.good) for c in insight.cells}
    names = some.landscape.touchpoints
    assert cells == twins.experience_counts(some, lambda p, _, code: (names[code], group(p)))
    whole = {g.group: (g.touches, g.persons, g.bad, g.neutral, g.good) for g in insight.groups if g.touches}
    assert whole == twins.experience_counts(some, lambda p, _, __: group(p))


@given(st.data())
@settings(max_examples=200)
def test_residuals_are_multiplied_person_by_person(data):
    some = data.draw(journeys(most_touches=80))
    attribute = data.draw(st.sampled_from([None, "segment"]))
    question = SpreadQuestion(attribute, least_raters=2)
    compared = question.settle(question.tally(some, ()), ())
    got = question.tally(some, (compared,)).products * compared.units()
    names = compared.pooled.names
    code_of = {column: code for code, column in enumerate(compared.column.tolist()) if column >= 0}
    table = {
        (names[g], code_of[column]): (compared.mean[g, column], 1 / compared.weight[g, column])
        for g, column in np.argwhere(compared.weight).tolist()
    }
    expected = twins.residuals(some, table, lambda person: twins.value_of(some, person, attribute))
    for g, name in enumerate(names):
        persons = expected[name].values()
        for column, code in code_of.items():
            product = sum(own[code] * sum(own.values()) for own in persons if code in own)
            assert got[g, column] == pytest.approx(product, abs=1e-12)
        assert got[g, -1] == pytest.approx(sum(sum(own.values()) ** 2 for own in persons), abs=1e-12)


@given(st.data())
@settings(max_examples=150)
def test_the_load_of_a_cell_is_counted_person_by_person(data):
    some = data.draw(journeys(most_touches=80))
    attribute = data.draw(st.sampled_from([None, "segment"]))
    count = len(some.landscape.touchpoints)
    cells = tuple(data.draw(st.lists(st.integers(-1, 2), min_size=count, max_size=count)))
    insight = ask(LoadQuestion(PERIOD, cells, NAMES, attribute), [some])

    def total(person, seconds, _code):
        return twins.quarter_of(seconds), twins.value_of(some, person, attribute)

    def place(person, seconds, code):
        return None if cells[code] < 0 else (*total(person, seconds, code), NAMES[cells[code]])

    totals = twins.loads(some, total)
    check_loads({(c.quarter, c.group): c for c in insight.totals}, totals, totals)
    check_loads({(c.quarter, c.group, c.cell): c for c in insight.cells}, twins.loads(some, place), totals)


def check_loads(got, expected, totals):
    assert got.keys() == expected.keys()
    for key, (touches, contacts) in expected.items():
        cell, active = got[key], len(totals[key[:2]][0])
        assert cell.active == cell.touches_each.n == cell.contacts_each.n == active
        assert (cell.touches, cell.persons) == (touches.total(), len(touches))
        assert cell.contacts == contacts.total()
        assert cell.touched == twins.distribution(touches, active)
        assert cell.contacted == twins.distribution(contacts, active)
        assert cell.touches_each.estimate == touches.total() / active
        assert cell.contacts_each.estimate == contacts.total() / active


@given(st.data())
@settings(max_examples=100)
def test_more_groups_than_fit_a_table_are_counted_like_few(data):
    some = data.draw(journeys())
    outcome = data.draw(outcomes(some.landscape))
    cells = tuple(k % 3 - 1 for k in range(len(some.landscape.touchpoints)))
    questions = (
        MonthlyQuestion(outcome, PERIOD),
        SpreadQuestion("segment", least_raters=2),
        LoadQuestion(PERIOD, cells, NAMES, "segment"),
    )
    few = [ask(question, [some]) for question in questions]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "DENSE_GROUPS", 0)
        assert [ask(question, [some]) for question in questions] == few


@given(st.data())
@settings(max_examples=100)
def test_many_estimates_at_once_are_the_same_as_one_by_one(data):
    some = data.draw(journeys(most_touches=80))
    nowhere = np.ones(some.touches, np.bool_)
    count = len(some.landscape.touchpoints)
    sums = group_sums(some.offsets, some.touchpoint.astype(np.uint16), some.experience, nowhere, count)
    met = sums[sums[:, PERSONS] > 0]
    assert drop_offs(met) == [drop_off(row) for row in met]
    assert net_experiences(sums) == [net_experience(row) for row in sums]
    assert bad_shares(sums) == [bad_share(row) for row in sums]


@given(st.data())
@settings(max_examples=100)
def test_what_persons_felt_hangs_together_as_counted_person_by_person(data):
    some = data.draw(journeys(most_touches=80))
    count = len(some.landscape.touchpoints)
    nowhere = np.zeros(some.touches, np.bool_)
    sums = group_sums(some.offsets, some.touchpoint.astype(np.uint16), some.experience, nowhere, count)
    expected = twins.felt_products(some)
    columns = (SQUARE, CROSS, SIZE, GOOD_SQUARE, BAD_SQUARE, BAD_SIZE)
    for code in range(count):
        assert tuple(sums[code, columns].tolist()) == expected[code]


def test_months_and_quarters_begin_with_their_first_second_in_utc():
    period = Period(stamp("1969-11-30T12:00"), stamp("1970-04-01T00:00"))
    assert month_starts(period).tolist() == [
        stamp(f"{month}-01") for month in ("1969-11", "1969-12", *(f"1970-0{k}" for k in range(1, 6)))
    ]
    assert quarter_starts(period).tolist() == [
        stamp(day) for day in ("1969-10-01", "1970-01-01", "1970-04-01", "1970-07-01")
    ]


@pytest.mark.parametrize(
    ("end", "month", "quarter"),
    [
        ("2025-03-31T23:59:59", True, True),
        ("2025-03-31T23:59:58", False, False),
        ("2025-02-28T23:59:59", True, False),
    ],
)
def test_the_last_span_is_complete_where_the_data_reach_its_last_second(end, month, quarter):
    period = Period(stamp("2025-01-15"), stamp(end))
    some = one_touch(stamp("2025-01-15"))
    assert ask(MonthlyQuestion(Outcome(), period), [some]).last_complete is month
    assert ask(LoadQuestion(period, (0,), NAMES), [some]).last_complete is quarter


def stamp(text):
    return int(np.datetime64(text, "s").astype(int))


def one_touch(seconds, **changed):
    return Journeys.build(
        person=np.array([0]),
        seconds=np.array([seconds]),
        touchpoint=np.array([0]),
        persons=1,
        **{"landscape": Landscape(("A",)), **changed},
    )


def nobody(touchpoints=("A", "B"), persons=0):
    nothing = np.zeros(0, int)
    return Journeys.build(
        person=nothing,
        seconds=nothing,
        touchpoint=nothing,
        persons=persons,
        landscape=Landscape(touchpoints),
        attributes=(Attribute("segment", np.zeros(persons, np.uint8), ("private", "business")),),
    )


@pytest.mark.parametrize("attribute", [None, "segment"])
@pytest.mark.parametrize(
    "some", [nobody(), nobody(persons=3), nobody(touchpoints=())], ids=["0", "3", "bare"]
)
def test_of_nobody_nothing_is_known_and_nothing_breaks(some, attribute):
    count = len(some.landscape.touchpoints)
    monthly = ask(MonthlyQuestion(Outcome(quiet_days=1), PERIOD), [some])
    assert [t.first_touch for t in monthly.touchpoints] == [None] * count
    assert [t.months for t in monthly.touchpoints] == [()] * count
    spread = ask(SpreadQuestion(attribute), [some])
    assert spread.cells == spread.inconsistent == ()
    assert {(g.touches, g.experience, g.spread, g.compared) for g in spread.groups} == {(0, None, None, 0)}
    load = ask(LoadQuestion(PERIOD, (0,) * count, NAMES, attribute), [some])
    assert load.cells == load.totals == ()


def test_one_touch_has_a_place_everywhere_and_proves_nothing():
    some = one_touch(DAY, experience=np.array([3]))
    cell = ask(MonthlyQuestion(Outcome(), PERIOD), [some]).touchpoints[0].months[0]
    assert (cell.touches, cell.experience.estimate, cell.bad_share.estimate) == (1, 1.0, 0.0)
    assert cell.experience.low < 0
    assert cell.bad_share.high > 0.75
    spread = ask(SpreadQuestion(least_raters=1), [some])
    assert (spread.groups[0].spread, spread.cells[0].difference) == (None, None)
    load = ask(LoadQuestion(PERIOD, (0,), NAMES), [some]).cells[0]
    assert (load.touches_each.low, load.touches_each.estimate, load.touches_each.high) == (0, 1, math.inf)
    assert load.touched == (0, 1, 0, 0, 0, 0)


def test_where_nobody_rated_experience_stays_open():
    some = one_touch(DAY)
    assert ask(MonthlyQuestion(Outcome(), PERIOD), [some]).touchpoints[0].months[0].experience is None
    spread = ask(SpreadQuestion(), [some])
    assert (spread.cells[0].experience, spread.groups[0].experience) == (None, None)


def test_touches_outside_the_period_are_passed_over():
    some = one_touch(200 * DAY)
    assert ask(MonthlyQuestion(Outcome(), PERIOD), [some]).touchpoints[0].months == ()
    assert ask(LoadQuestion(PERIOD, (0,), NAMES), [some]).totals == ()


def test_values_beyond_the_most_frequent_are_one_group():
    persons = np.repeat(np.arange(30), 3)
    labels = (*(f"v{k}" for k in range(29)), grouping.REST)
    some = Journeys.build(
        person=persons,
        seconds=np.arange(90),
        touchpoint=np.zeros(90, int),
        persons=30,
        landscape=Landscape(("A",)),
        attributes=(Attribute("city", np.array([*([5] * 4), *range(4, 30)], np.uint8), labels),),
    )
    spread = ask(SpreadQuestion("city"), [some])
    assert len(spread.groups) == grouping.MOST_VALUES + 1
    assert (spread.groups[0].group, spread.groups[0].persons) == ("v5", 5)
    assert (spread.groups[-1].group, spread.groups[-1].persons) == (grouping.REST, 30 - 5 - 19)
    load = ask(LoadQuestion(PERIOD, (0,), NAMES, "city"), [some])
    assert load.groups == tuple(g.group for g in spread.groups)
    assert [c.active for c in load.totals] == [g.persons for g in spread.groups]


def test_an_attribute_nobody_knows_is_refused():
    for question in (SpreadQuestion("mood"), LoadQuestion(PERIOD, (0,), NAMES, "mood")):
        with pytest.raises(InvalidQuestionError, match="mood"):
            ask(question, [one_touch(DAY)])


def test_cells_without_a_name_or_a_touchpoint_are_refused():
    with pytest.raises(InvalidQuestionError, match="no such cell: 3"):
        LoadQuestion(PERIOD, (3,), NAMES)
    with pytest.raises(InvalidQuestionError, match="1 touchpoints need as many cells, not 2"):
        ask(LoadQuestion(PERIOD, (0, 1), NAMES), [one_touch(DAY)])


def test_a_thousand_touchpoints_over_many_years_are_counted():
    touchpoints, years = 1_000, 12
    rng = np.random.default_rng(3)
    n = 200_000
    seconds = rng.integers(0, years * 365 * DAY, n)
    code = rng.integers(0, touchpoints, n)
    some = Journeys.build(
        person=rng.integers(0, 5_000, n),
        seconds=seconds,
        touchpoint=code,
        experience=rng.integers(0, 4, n),
        persons=5_000,
        landscape=Landscape(tuple(f"t{k}" for k in range(touchpoints))),
    )
    period = Period(0, years * 365 * DAY)
    assert touchpoints * (len(month_starts(period)) - 1) > 65_535
    insight = ask(MonthlyQuestion(Outcome(quiet_days=30), period), [some])
    month = seconds.astype("datetime64[s]").astype("datetime64[M]").astype(int)
    expected = np.bincount(code * 200 + month, minlength=200 * touchpoints).reshape(-1, 200)
    for k, touchpoint in enumerate(insight.touchpoints):
        assert [c.touches for c in touchpoint.months] == expected[k][expected[k] > 0].tolist()
