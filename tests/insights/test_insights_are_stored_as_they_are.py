"""What is stored is read back equal, infinities and hostile names included."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from support.insights import analysis, hostile_analysis
from wegmarke.analysis.insight import Estimate, MomentsInsight
from wegmarke.insights import queries, storing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "found",
    [
        analysis(),
        analysis(moments=None, last_actions=None, funnels={}, spread={"": analysis().spread[""]}, load_by={}),
    ],
    ids=["all", "bare"],
)
def test_an_analysis_comes_back_equal(store, found):
    run = store(found)
    stored = queries.latest()
    assert stored.analysis == found
    assert (stored.refresh, stored.plan_version) == (run.pk, 1)


def test_names_somebody_made_up_come_back_letter_by_letter(store):
    found = hostile_analysis()
    store(found, saved=False)
    stored = queries.latest().analysis
    assert stored.moments == found.moments
    assert stored.paths == found.paths


def test_infinity_is_kept_where_json_has_none():
    moments = analysis().moments
    endless = replace(moments.moments[0], e_value=float("inf"), e_value_bound=float("inf"))
    value = replace(moments, moments=(endless,))
    assert storing.read(storing.write(value), MomentsInsight) == value


def test_a_touchpoint_named_like_a_number_or_nothing_stays_a_name():
    moments = analysis().moments
    for name in ("null", "inf", "nan", "1e5", "true", ""):
        value = replace(moments, moments=(replace(moments.moments[0], touchpoint=name),))
        assert storing.read(storing.write(value), MomentsInsight).moments[0].touchpoint == name


def test_a_damaged_payload_is_refused():
    with pytest.raises(msgspec.ValidationError):
        storing.read('{"moments": 3}', MomentsInsight)


def test_the_parameters_stand_beside_each_insight(store):
    run = store()
    rows = {(row.kind, row.key): row.parameters for row in run.insights.all()}
    assert rows["moments", ""] == {
        "leaving": ["cancellation"],
        "quiet_days": None,
        "moving_on": ["tasting"],
        "horizon_days": 30.0,
        "margin": 0.02,
    }
    assert rows["funnel", "buy"] == {"steps": ["newsletter", "checkout", "tasting"], "window_days": 7.0}
    assert rows["spread", "0"] == {"attribute": None, "margin": 0.1, "least_raters": 20}
    assert rows["spread", "1"]["attribute"] == rows["load", "1"]["attribute"] == "Segment"
    assert rows["load", "0"] == {"attribute": None}


def test_the_order_of_the_attributes_is_kept(store):
    store()
    stored = queries.latest().analysis
    assert list(stored.spread) == ["", "Segment", "Region"]
    assert list(stored.load_by) == ["Segment", "Region"]
    assert list(stored.departments) == ["", "Segment", "Region"]


def test_an_attribute_with_an_endless_name_is_stored(store):
    found = analysis()
    name = "x" * 1000
    long = {name: replace(found.load_by["Segment"], attribute=name)}
    store(replace(found, load_by=long))
    assert queries.latest().analysis.load_by == long


def test_a_load_without_an_upper_end_is_kept(store):
    found = analysis()
    cell = replace(found.load.cells[0], touches_each=Estimate(1.0, 0.0, float("inf"), 1))
    load = replace(found.load, cells=(cell,))
    store(replace(found, load=load))
    assert queries.latest().analysis.load == load
