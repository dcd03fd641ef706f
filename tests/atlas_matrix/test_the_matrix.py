"""Planned beside happened: cells, their marks, totals, and the page."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from support.insights import analysis
from wegmarke.analysis.journeys import StartedBy
from wegmarke.atlas.matrix import pages, rules
from wegmarke.atlas.matrix.contracts import Across, Count, State, Wanted

PAGE = "/map/matrix/"
LAST = 1_719_792_000  # the last complete quarter of the hand-made figures: 2024-Q3


def planned(**per_quarter: float):
    """Return an analysis whose plan places `newsletter` and `app` in use by mail, with these frequencies."""
    found = analysis()
    touchpoints = tuple(
        replace(
            one,
            phases=("use",),
            channel="mail",
            department="Marketing",
            started_by=StartedBy.COMPANY,
            per_quarter=per_quarter.get(one.key),
        )
        if one.key in {"newsletter", "app"}
        else replace(one, channel="web", phases=("purchase",), started_by=StartedBy.CUSTOMER)
        for one in found.plan.touchpoints
    )
    return replace(found, plan=replace(found.plan, touchpoints=touchpoints))


def matrix(found, **wanted):
    return rules.matrix(found.plan, found, Wanted(**{"quarter": LAST, **wanted}))


def test_planned_and_happened_stand_side_by_side():
    cell = matrix(planned(newsletter=3, app=1)).cell("mail", "use")
    assert cell.planned == 4
    assert cell.happened.mean == pytest.approx(7 / 3)
    assert cell.happened.low < 7 / 3 < cell.happened.high
    assert set(cell.touchpoints) == {"newsletter", "app"}


@pytest.mark.parametrize(
    ("plan", "limit", "state"),
    [
        ({"newsletter": 3}, 2.0, State.OVER),
        ({"newsletter": 3}, 2.2, State.FINE),  # the estimate is above, the lower end is not
        ({"newsletter": 6}, 9.0, State.GAP),
        ({"newsletter": 5}, 9.0, State.FINE),
    ],
)
def test_cells_are_marked_by_their_interval(plan, limit, state):
    assert matrix(planned(**plan), limit=limit).cell("mail", "use").state is state


def test_what_happens_without_being_planned_is_marked_once_anything_is_planned():
    assert matrix(planned(newsletter=3)).cell("", "use").state is State.UNPLANNED
    assert matrix(planned()).cell("", "use").state is State.FINE


def test_what_never_happens_although_it_is_planned_is_a_gap():
    found = planned(newsletter=3)
    moved = tuple(
        replace(one, channel="fax") if one.key == "newsletter" else one for one in found.plan.touchpoints
    )
    assert (
        matrix(replace(found, plan=replace(found.plan, touchpoints=moved))).cell("fax", "use").state
        is State.GAP
    )


def test_only_what_the_company_starts_counts_as_contact():
    found = planned(newsletter=3)
    assert matrix(found).cell("web", "purchase").happened is None
    assert matrix(found, count=Count.TOUCHES).cell("web", "purchase").happened.mean == pytest.approx(2 / 3)


def test_a_segment_shows_its_own_figures():
    found = planned(newsletter=3)
    cell = matrix(found, segment=("Segment", "Gewerbe")).cell("mail", "use")
    assert cell.happened.active == 360


def test_departments_have_intervals_and_segments_as_channels_do():
    found = planned(newsletter=3)
    cell = matrix(found, across=Across.DEPARTMENT).cell("Marketing", "use")
    assert cell.happened == matrix(found).cell("mail", "use").happened
    assert cell.happened.low < cell.happened.mean < cell.happened.high
    assert cell.planned == 3
    some = matrix(found, across=Across.DEPARTMENT, segment=("Segment", "Gewerbe"))
    assert some.cell("Marketing", "use").happened.active == some.whole.happened.active == 360


def test_the_incomplete_quarter_is_offered_last():
    assert rules.quarters_of(analysis().load)[0] == LAST
    assert rules.quarters_of(analysis().load)[-1] == analysis().load.quarters[-1]


def test_before_there_are_figures_the_plan_is_shown():
    found = planned(newsletter=3)
    shown = rules.matrix(found.plan, None, Wanted(quarter=0))
    assert shown.cell("mail", "use").planned == 3
    assert shown.cell("mail", "use").happened is None
    assert shown.cell("mail", "use").state is State.FINE  # nothing is known that could be a gap


def test_totals_add_up_and_the_whole_is_counted_by_itself():
    found = matrix(planned(newsletter=3))
    use = next(one for one in found.phases if one.key == "use")
    assert use.happened.mean == pytest.approx(7 / 3 + 1 / 3)
    assert found.whole.happened.mean == pytest.approx(10 / 3)


def test_the_interval_of_a_sum_over_cells_covers_whatever_the_correlation():
    """Contacts of a person in two cells may hang together in any way: added half-widths still hold."""
    random = np.random.default_rng(5)
    runs, n = 600, 300
    for correlation in (-0.9, 0.0, 0.9):
        covariance = [[1.0, correlation], [correlation, 1.0]]
        draws = random.multivariate_normal([2.0, 1.0], covariance, (runs, n))
        mean, half = draws.mean(axis=1), 1.96 * draws.std(axis=1, ddof=1) / np.sqrt(n)
        low, high = (mean - half).sum(axis=1), (mean + half).sum(axis=1)
        assert np.mean((low <= 3.0) & (high >= 3.0)) >= 0.93


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ({"quarter": "2024-Q1"}, {"quarter": 1_704_067_200}),
        ({"quarter": "1999-Q1"}, {}),
        ({"across": "department"}, {"across": Across.DEPARTMENT}),
        ({"count": "touches"}, {"count": Count.TOUCHES}),
        (
            {"across": "department", "segment": "Region=Nord"},
            {"across": Across.DEPARTMENT, "segment": ("Region", "Nord")},
        ),
        ({"segment": "Segment=Privat"}, {"segment": ("Segment", "Privat")}),
        ({"segment": "Segment=Nobody"}, {}),
        ({"limit": "1,5"}, {"limit": 1.5}),
        ({"limit": "nan"}, {}),
        ({"limit": "-1"}, {}),
    ],
)
def test_the_address_is_read_and_nonsense_is_as_usual(query, changed):
    assert pages.wanted(query, analysis()) == replace(Wanted(quarter=LAST), **changed)


def test_figures_have_the_digits_their_interval_supports():
    from wegmarke.atlas.matrix.contracts import Happened

    assert pages.each(Happened(2.345, 2.1, 2.6, 100)) == "2.3"
    assert pages.each(Happened(2.345, 2.33, 2.36, 9000)) == "2.35"
    assert pages.interval(Happened(2.345, 2.1, 2.6, 100)) == "2.1–2.6"  # noqa: RUF001


@pytest.mark.django_db
class TestThePage:
    """The page itself."""

    def test_it_says_the_answer_first(self, store, log_in):
        store(planned(newsletter=3))
        page = log_in().get(PAGE).content.decode()
        assert "In Q3 2024 the company contacted an active customer 3.3 times (3.0–3.7)." in page  # noqa: RUF001
        assert "Planned are 3" in page

    def test_a_cell_leads_to_its_touchpoints(self, store, log_in):
        store(planned(newsletter=3))
        client = log_in()
        assert "phase=use&amp;row=mail" in client.get(PAGE).content.decode()
        page = client.get(f"{PAGE}?phase=use&row=mail").content.decode()
        table = page[page.index('id="table-cell"') :].split("</table>")[0]
        assert "Newsletter" in table
        assert "Payment" not in table

    def test_the_touchpoints_of_a_segments_cell_show_no_counts_of_everybody(self, store, log_in):
        store(planned(newsletter=3))
        client, cell = log_in(), "phase=use&row=mail"
        assert "Per active customer" in client.get(f"{PAGE}cell.csv?{cell}").content.decode()
        page = client.get(f"{PAGE}?{cell}&segment=Segment%3DGewerbe").content.decode()
        table = page[page.index('id="table-cell"') :].split("</table>")[0]
        assert "Newsletter" in table
        assert "Per active customer" not in table
        assert "Touches in the quarter" not in table
        assert "is counted for all customers only" in page
        text = client.get(f"{PAGE}cell.csv?{cell}&segment=Segment%3DGewerbe").content.decode()
        assert "Per active customer" not in text

    def test_a_phase_shows_all_its_touchpoints(self, store, log_in):
        store(planned(newsletter=3))
        page = log_in().get(f"{PAGE}?phase=purchase").content.decode()
        assert "Payment" in page[page.index('id="table-cell"') :]

    def test_a_phase_without_contacts_is_named(self, store, log_in):
        store(planned(newsletter=3))
        page = log_in().get(PAGE).content.decode()
        assert "In the phase “Purchase” the company contacts nobody." in page

    def test_by_department_a_segment_can_be_chosen(self, store, log_in):
        store(planned(newsletter=3))
        page = log_in().get(f"{PAGE}?across=department&segment=Segment%3DGewerbe").content.decode()
        assert '<option value="Segment=Gewerbe" selected>' in page
        row = page[page.index(">Marketing</th>") :].split("</tr>")[0]
        assert "2.1–2.6" in row  # noqa: RUF001

    def test_the_file_holds_every_cell(self, store, log_in):
        store(planned(newsletter=3))
        text = log_in().get(f"{PAGE}matrix.csv").content.decode("utf-8-sig")
        rows = {(row["Phase"], row["Channel"]): row for row in csv.DictReader(io.StringIO(text))}
        assert float(rows["Use", "mail"]["Planned per customer"]) == 3
        assert float(rows["Use", "mail"]["Happened per active customer"]) == pytest.approx(7 / 3)

    def test_a_segment_nobody_of_whom_met_anything_in_the_quarter_is_shown(self, store, log_in):
        found = planned(newsletter=3)
        load = found.load_by["Segment"]
        absent = replace(
            load,
            cells=tuple(one for one in load.cells if one.group != "Gewerbe"),
            totals=tuple(one for one in load.totals if one.group != "Gewerbe"),
        )
        store(replace(found, load_by={**found.load_by, "Segment": absent}))
        assert log_in().get(f"{PAGE}?segment=Segment%3DGewerbe").status_code == 200

    def test_before_anything_it_says_what_is_missing(self, log_in):
        assert "There is no matrix yet" in log_in().get(PAGE).content.decode()

    @pytest.mark.parametrize(
        "query", ["", "?across=department", "?count=touches", "?segment=Region%3D", "?phase=x"]
    )
    def test_it_needs_few_queries_and_nonsense_breaks_nothing(
        self, store, log_in, query, django_assert_max_num_queries
    ):
        store(planned(newsletter=3))
        client = log_in()
        client.get(PAGE)
        with django_assert_max_num_queries(9):
            assert client.get(PAGE + query).status_code == 200
