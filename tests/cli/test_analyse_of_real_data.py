"""The figures stand in the README of each data set."""

import csv

import pytest

from wegmarke.capture import files
from wegmarke.capture.files import ColumnMapping
from wegmarke.record.contracts import Scale

pytestmark = pytest.mark.shared_data

STEPS = {
    "A_SUBMITTED": 13_087,
    "A_PARTLYSUBMITTED": 13_087,
    "A_PREACCEPTED": 7_367,
    "A_ACCEPTED": 5_113,
    "A_FINALIZED": 5_015,
    "O_SENT": 5_015,
    "O_SENT_BACK": 3_254,
    "O_ACCEPTED": 2_243,
}
ENDS = {
    "A_APPROVED": 2_246,
    "A_REGISTERED": 2_246,
    "A_ACTIVATED": 2_246,
    "A_DECLINED": 7_635,
    "A_CANCELLED": 2_807,
}


@pytest.fixture(params=["bpic2012.xes.gz", "bpi2012_events.parquet"])
def loans(request, shared_data):
    return shared_data / "bpi2012_loan_journeys" / request.param


def test_loan_journeys_give_the_known_figures(wegmarke, loans):
    options = ("--funnel", ",".join(STEPS), "--window-days", "365")
    outcome = ("--leaving-event", "A_CANCELLED", "--moving-on", "A_APPROVED")
    whole = wegmarke("analyse", loans, *options, *outcome, "--format", "json").json
    assert (whole["persons"], whole["touches"]) == (13_087, 262_200)
    assert whole["paths"]["variants"] == 4_366
    assert whole["paths"]["most_frequent"][0] == {
        "touchpoints": ["A_SUBMITTED", "A_PARTLYSUBMITTED", "A_DECLINED"],
        "persons": 3_429,
        "share": 3_429 / 13_087,
    }
    assert {step["touchpoint"]: step["persons"] for step in whole["funnel"]["steps"]} == STEPS
    persons = {row["touchpoint"]: row["persons"] for row in whole["touchpoints"]}
    assert {name: persons[name] for name in ENDS} == ENDS
    touches = {row["touchpoint"]: row["touches"] for row in whole["touchpoints"]}
    assert touches["W_Completeren aanvraag"] == 54_850
    assert touches["W_Nabellen offertes"] == 52_016
    assert touches["W_Nabellen incomplete dossiers"] == 25_190
    assert len(whole["moments"]) >= 20


def test_purchases_of_one_year_and_a_half(wegmarke, shared_data):
    path = shared_data / "cdnow_purchases" / "cdnow_master.csv"
    options = (
        "--event-name",
        "purchase",
        "--value",
        "dollar_value",
        "--quiet-days",
        "180",
        "--format",
        "json",
    )
    whole = wegmarke("analyse", path, *options).json
    assert (whole["persons"], whole["touches"], whole["rejected"]) == (23_570, 69_659, 0)
    assert whole["period"]["start"] == "1997-01-01T00:00:00Z"
    assert whole["period"]["end"] == "1998-06-30T00:00:00Z"
    one_purchase = next(
        path for path in whole["paths"]["most_frequent"] if path["touchpoints"] == ["purchase"]
    )
    assert one_purchase["persons"] == 11_908


@pytest.fixture
def orders(shared_data, tmp_path):
    """Write the orders that were delivered as events: ordered, delivered late or on time, reviewed."""
    folder = shared_data / "olist_orders"
    with (folder / "olist_orders_dataset.csv").open(encoding="utf-8") as file:
        delivered = {
            row["order_id"]: row for row in csv.DictReader(file) if row["order_delivered_customer_date"]
        }
    with (folder / "olist_order_reviews_dataset.csv").open(encoding="utf-8", newline="") as file:
        reviews = [row for row in csv.DictReader(file) if row["order_id"] in delivered]
    events = [["order_id", "time", "event", "rating"]]
    timing = {}
    for order_id, row in delivered.items():
        came, due = row["order_delivered_customer_date"], row["order_estimated_delivery_date"]
        timing[order_id] = "late" if came[:10] > due[:10] else "on time"
        events.append([order_id, row["order_purchase_timestamp"], "ordered", ""])
        events.append([order_id, came, f"delivered {timing[order_id]}", ""])
    for row in reviews:
        name = f"review, delivered {timing[row['order_id']]}"
        events.append([row["order_id"], row["review_answer_timestamp"], name, row["review_score"]])
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(events)
    return path


def test_late_deliveries_make_bad_reviews(wegmarke, orders):
    columns = ("--experience", "rating", "--scale", "csat", "--timezone", "America/Sao_Paulo")
    whole = wegmarke("analyse", orders, *columns, "--format", "json").json
    felt = {row["touchpoint"]: row for row in whole["touchpoints"]}
    late, on_time = felt["review, delivered late"], felt["review, delivered on time"]
    assert (late["touches"], on_time["touches"]) == (345, 4_893)
    assert late["experience"]["high"] < -0.2
    assert on_time["experience"]["low"] > 0.6


def test_the_mean_scores_of_late_and_punctual_orders_are_the_known_ones(orders):
    mapping = ColumnMapping(experience="rating", scale=Scale.CSAT)
    events = files.read(orders, mapping).events.select(["name", "rating"])
    names = events.set_column(0, "name", events.column("name").cast("string"))
    means = names.group_by("name").aggregate([("rating", "mean")]).to_pylist()
    found = {row["name"]: row["rating_mean"] for row in means}
    assert found["review, delivered on time"] == pytest.approx(4.2728, abs=5e-5)
    assert found["review, delivered late"] == pytest.approx(2.1768, abs=5e-5)
