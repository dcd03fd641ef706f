"""Loan applications: the figures are those an SQL database counts over the same file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wegmarke.analysis.journeys import StartedBy
from wegmarke.capture import files
from wegmarke.capture.files import ColumnMapping
from wegmarke.insights.analysing import analyse
from wegmarke.plan.contracts import Leaving, Phase, Plan, Text, Touchpoint
from wegmarke.plan.rules import bindings_of
from wegmarke.record.contracts import BindingRule
from wegmarke.record.laying import lay_out

pytestmark = pytest.mark.shared_data
CALL = "W_Nabellen offertes"
BY_MONTH = [
    ("2011-10", 6_935, 981),
    ("2011-11", 10_418, 1_423),
    ("2011-12", 10_568, 1_289),
    ("2012-01", 10_720, 1_529),
    ("2012-02", 10_802, 1_618),
    ("2012-03", 2_573, 624),
]
BY_QUARTER = [
    ("2011-10", 27_921, 7_455, (4_640, 102, 4, 929, 795, 985)),
    ("2012-01", 24_095, 6_279, (3_615, 49, 137, 857, 838, 783)),
]


def month(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m")


@pytest.fixture(scope="module")
def loans(shared_data):
    mapping = ColumnMapping(person="case_id", time="timestamp", event="activity")
    events = files.read(shared_data / "bpi2012_loan_journeys" / "bpi2012_events.parquet", mapping).events
    call = Touchpoint(
        "call",
        Text("Anruf", "Call"),
        phases=("offer",),
        channel="phone",
        started_by=StartedBy.COMPANY,
        rules=(BindingRule(CALL),),
    )
    plan = Plan(
        name=Text("Kredite", "Loans"),
        phases=(Phase("offer", Text("Angebot", "Offer")),),
        touchpoints=(call,),
        leaving=Leaving(touchpoints=("A_CANCELLED",)),
        unbound_names_are_touchpoints=True,
    )
    return analyse([lay_out(events, bindings_of(plan))], plan)


def test_calls_by_month(loans):
    (calls,) = [t for t in loans.monthly.touchpoints if t.touchpoint == "call"]
    assert [(month(c.start), c.touches, c.persons) for c in calls.months] == BY_MONTH
    assert not loans.monthly.last_complete
    assert all(cell.experience is None for cell in calls.months)


def test_calls_per_customer_and_quarter(loans):
    cells = [c for c in loans.load.cells if c.cell == ("offer", "phone")]
    assert [(month(c.quarter), c.contacts, c.active, c.contacted) for c in cells] == BY_QUARTER
    assert not loans.load.last_complete


def test_without_ratings_nothing_is_called_inconsistent(loans):
    assert loans.spread[""].inconsistent == ()
    assert loans.spread[""].groups[0].spread is None
