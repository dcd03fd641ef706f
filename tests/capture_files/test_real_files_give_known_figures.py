"""The figures stand in the README of each data set."""

import pyarrow.compute as pc
import pytest

from wegmarke.capture.files import ColumnMapping, preview, read
from wegmarke.record.contracts import Scale

pytestmark = pytest.mark.shared_data


@pytest.fixture(params=["bpic2012.xes.gz", "bpi2012_events.parquet"])
def loans(request, shared_data):
    return read(shared_data / "bpi2012_loan_journeys" / request.param)


def test_loan_journeys_are_read_alike_from_xes_and_parquet(loans):
    events = loans.events
    assert (len(events), pc.count_distinct(events.column("person")).as_py()) == (262_200, 13_087)
    assert pc.count_distinct(events.column("name").cast("string")).as_py() == 24
    assert loans.rejected.num_rows == 0
    assert (loans.mapping.event, loans.mapping.experience) in {("concept:name", None), ("activity", None)}


def test_xes_and_parquet_give_the_same_events(shared_data):
    folder = shared_data / "bpi2012_loan_journeys"
    xes, parquet = (read(folder / name).events for name in ("bpic2012.xes.gz", "bpi2012_events.parquet"))
    for name in ("person", "time"):
        assert xes.column(name).combine_chunks() == parquet.column(name).combine_chunks()
    assert xes.column("name").to_pylist() == parquet.column("name").to_pylist()


def test_the_amount_of_a_loan_is_a_trait_of_its_case(shared_data):
    traits = read(shared_data / "bpi2012_loan_journeys" / "bpic2012.xes.gz").traits
    amounts = traits.filter(pc.equal(traits.column("name").cast("string"), "AMOUNT_REQ"))
    assert len(amounts) == 13_087
    assert amounts.column("value")[0].as_py() == "20000"


def test_purchases_keep_their_number_and_their_revenue(shared_data):
    path = shared_data / "cdnow_purchases" / "cdnow_master.csv"
    result = read(path, ColumnMapping(event_name="purchase", value="dollar_value"))
    assert len(result.events) == 69_659
    assert pc.count_distinct(result.events.column("person")).as_py() == 23_570
    revenue = pc.sum(result.events.column("value").cast("float64")).as_py()
    assert revenue == pytest.approx(2_500_315.63, abs=0.5)


def test_reviews_with_line_breaks_keep_their_scores(shared_data):
    path = shared_data / "olist_orders" / "olist_order_reviews_dataset.csv"
    mapping = ColumnMapping(
        person="order_id",
        time="review_answer_timestamp",
        event_name="review",
        experience="review_score",
        scale=Scale.CSAT,
    )
    result = read(path, mapping)
    ratings = pc.value_counts(result.events.column("rating")).to_pylist()
    assert {row["values"]: row["counts"] for row in ratings} == {1: 2638, 2: 382, 3: 667, 4: 1184, 5: 3354}
    assert pc.mean(result.events.column("rating")).as_py() == pytest.approx(3.2716, abs=5e-5)


def test_every_other_table_can_be_previewed(shared_data):
    for path in shared_data.glob("*/*.csv"):
        if "channelattribution" not in str(path):
            assert preview(path).columns
