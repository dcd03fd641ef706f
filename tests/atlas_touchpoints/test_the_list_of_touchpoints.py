"""The list: all touchpoints with what is planned and lived, filtered and sorted by its address."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import openpyxl
import pytest
from django.utils import timezone

from support.insights import HOSTILE
from support.inventory import plan
from wegmarke.plan import services
from wegmarke.plan.contracts import (
    Journey,
    Measure,
    Media,
    Metric,
    Nature,
    Phase,
    Plan,
    Status,
    Text,
    Touchpoint,
    one_journey,
)
from wegmarke.record.contracts import BindingRule

pytestmark = pytest.mark.django_db

LIST = "/map/touchpoints/"
NAME = re.compile(r'class="wm-tp-name">(?:<a[^>]*>)?([^<]+)<')


def page(client, query=""):
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(client, query=""):
    return NAME.findall(page(client, query))


@pytest.fixture
def dressed(company):
    """Store a plan in which the first touchpoints say more than the others."""
    first, second, third, *rest = plan().touchpoints
    return company(
        touchpoints=(
            replace(
                first,
                channel="web",
                department="Shop",
                owners=("kim", "alex"),
                purpose=Text("Kaufen", "To buy"),
                nature=Nature.DIGITAL,
                metric=Metric(Measure.BAD_SHARE, 0.05),
                rules=(BindingRule("Checkout"),),
            ),
            replace(second, channel="mail", status=Status.PAUSED, planned=False, phases=("use", "purchase")),
            replace(third, media=Media.PARTNER, phases=()),
            *rest,
        )
    )


def test_every_touchpoint_stands_there_with_what_is_planned_and_lived(dressed, editor):
    text = page(editor)
    assert len(NAME.findall(text)) == 7
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*>Payment<.*?</tr>", text, re.DOTALL)[0]
    for said in (
        "Purchase",
        "web",
        "Shop",
        "kim; alex",
        "Live",
        "Digital",
        "works",
        "4,500",
        "+50",
        "(+46 to +54)",
        "n 1,000",
    ):
        assert said in row, said


def test_without_figures_the_list_says_nothing_about_them(saved, editor):
    saved(plan())
    assert "as computed on" not in page(editor)
    assert len(names(editor)) == 7


def test_along_the_journey_the_first_phase_comes_first(dressed, editor):
    assert names(editor)[:2] == ["Payment", "Newsletter"]
    assert names(editor)[-1] == "Repair"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=paym", ["Payment"]),
        ("?q=BUY+to", ["Payment"]),
        ("?q=Bezahlen", ["Payment"]),
        ("?channel=web", ["Payment"]),
        ("?channel=mail&status=paused", ["Offer mail"]),
        ("?owner=alex", ["Payment"]),
        ("?department=Shop", ["Payment"]),
        ("?nature=digital", ["Payment"]),
        ("?planned=no", ["Offer mail"]),
        ("?media=partner", ["Repair"]),
        ("?phase=-", ["Repair"]),
        ("?phase=purchase&channel=mail", ["Offer mail"]),
        ("?q=nothing+like+it", []),
        ("?channel=nowhere", []),
    ],
)
def test_the_address_says_what_is_shown(dressed, editor, query, expected):
    assert names(editor, query) == expected


@pytest.mark.parametrize("gap", ["owner", "purpose", "metric", "events"])
def test_what_lacks_something_can_be_asked_for(dressed, editor, gap):
    assert len(names(editor, f"?lacks={gap}")) == 6
    assert "Payment" not in names(editor, f"?lacks={gap}&lacks=owner")


@pytest.mark.parametrize(
    "query", ["?sort=bad&page=x&lacks=zz&phase=%00&group=1", "?page=999999", "?page=-1", "?saved=9999999"]
)
def test_nonsense_in_the_address_counts_as_nothing_asked(dressed, editor, query):
    assert editor.get(LIST + query).status_code == 200


def test_shown_and_all_are_counted(dressed, editor):
    assert "1 of 7 touchpoints" in page(editor, "?channel=web")
    assert "7 touchpoints" in page(editor)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "App"),
        ("-name", "Tasting"),
        ("-persons", "Payment"),
        ("verdict", "Payment"),
        ("channel", "Offer mail"),
    ],
)
def test_columns_sort_and_what_is_missing_stays_last(dressed, editor, sort, first):
    assert names(editor, f"?sort={sort}")[0] == first


def test_grouped_by_phase_each_phase_has_its_heading(dressed, editor):
    text = page(editor, "?group=phase&sort=name")
    assert re.findall(r'scope="rowgroup"[^>]*><span>([^<]+?) \(', text) == [
        "Purchase",
        "Use",
        "Without phase",
    ]


def test_hostile_names_are_only_text(saved, editor):
    touchpoints = tuple(
        Touchpoint(f"k{at}", Text(name, name), owners=(name,), channel=name, department=name)
        for at, name in enumerate(HOSTILE)
    )
    saved(Plan(name=Text("P", "P"), touchpoints=touchpoints))
    text = page(editor)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "SECRET_KEY }}" in text
    assert len(NAME.findall(text)) == len(HOSTILE)
    assert page(editor, "?channel=%3Cscript%3Ealert(1)%3C%2Fscript%3E").count("<script>alert") == 0


def test_the_files_hold_what_the_page_shows(dressed, editor):
    answer = editor.get(f"{LIST}-/table.csv?channel=web")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [
        (row["Name"], row["Owners"], row["Verdict"], row["Net experience, lower bound"]) for row in rows
    ] == [("Payment", "kim; alex", "works", "0.46")]
    sheet = openpyxl.load_workbook(io.BytesIO(editor.get(f"{LIST}-/table.xlsx").content)).active
    assert sheet.max_row == 8
    assert editor.get(f"{LIST}-/table.pdf").status_code == 404


def test_names_in_files_are_no_formulas(saved, editor):
    saved(Plan(name=Text("P", "P"), touchpoints=(Touchpoint("k", Text("=1+1", "=1+1")),)))
    assert b"'=1+1" in editor.get(f"{LIST}-/table.csv").content


def test_many_touchpoints_stand_on_several_pages(saved, editor):
    saved(
        Plan(
            name=Text("P", "P"),
            touchpoints=tuple(Touchpoint(f"k{n}", Text(f"T{n}", f"T{n}")) for n in range(501)),
        )
    )
    assert len(names(editor)) == 500
    assert names(editor, "?page=2") == ["T500"]
    assert "All 501, on every page" in page(editor)


@pytest.mark.parametrize("count", [7, 60])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    saved, editor, django_assert_num_queries, count
):
    phases = one_journey(Phase("buy", Text("Kauf", "Buy")))
    touchpoints = tuple(
        Touchpoint(f"k{n}", Text(f"T{n}", f"T{n}"), phases=("buy",), owners=("kim",)) for n in range(count)
    )
    saved(Plan(name=Text("P", "P"), journeys=phases, touchpoints=touchpoints))
    editor.get(LIST)
    with django_assert_num_queries(4):  # session, account, version of the plan, newest figures
        editor.get(LIST)


def test_with_figures_it_asks_once_more_at_most(dressed, editor, django_assert_max_num_queries):
    editor.get(LIST)
    with django_assert_max_num_queries(6):
        editor.get(LIST)


def test_an_empty_site_explains_and_offers_the_ways_to_begin(editor):
    text = page(editor)
    assert 'href="/map/touchpoints/-/collect/"' in text
    assert 'href="/map/touchpoints/-/import/"' in text


def test_a_viewer_sees_everything_and_no_control(dressed, log_in):
    viewer = log_in("viewer", "val")
    text = page(viewer)
    assert len(NAME.findall(text)) == 7
    for control in ('name="keys"', "data-quick", "/-/collect/", "/-/import/", "data-tick-all", "/-/remove/"):
        assert control not in text, control


def test_an_empty_site_offers_a_viewer_nothing(log_in):
    assert "/-/collect/" not in page(log_in("viewer"))


def test_an_owner_may_tick_the_own_touchpoints_only(dressed, log_in):
    text = page(log_in("viewer", "Alex"))
    assert re.findall(r'name="keys" value="([^"]+)"', text) == ["checkout"]
    assert "data-quick" not in text


@pytest.mark.parametrize("path", ["add/", "collect/", "import/", "remove/", "undo/1/"])
def test_who_may_not_edit_is_refused(dressed, log_in, path):
    viewer = log_in("viewer", "val")
    answer = viewer.post(f"{LIST}-/{path}", {"name": "x", "text": "x", "keys": "checkout", "do": "save"})
    assert answer.status_code == 403


def test_who_may_not_edit_a_touchpoint_cannot_change_it_with_others(dressed, log_in):
    owner = log_in("viewer", "alex")
    answer = owner.post(f"{LIST}-/change/", {"keys": ["checkout", "repair"], "do": "save", "status": "idea"})
    assert answer.status_code == 403
    own = owner.post(f"{LIST}-/change/", {"keys": ["checkout"], "do": "save", "status": "idea"})
    assert own.status_code == 302


def test_nobody_reads_the_list_without_a_log_in(client):
    assert client.get(LIST).status_code == 302


def test_a_saved_change_is_told_with_its_version_and_a_way_back(dressed, editor):
    version = services.remove_touchpoints({"repair"}, by=None, now=timezone.now(), comment="Gone").version
    text = page(editor, f"?saved={version}")
    assert "Gone" in text
    assert f"/-/undo/{version}/" in text
    assert "/-/undo/" not in page(editor)


def test_phases_stand_under_their_journey_models(saved, editor):
    def journey(key, *phases):
        return Journey(
            key, Text(key.upper(), key.upper()), phases=tuple(Phase(one, Text(one, one)) for one in phases)
        )

    one = Touchpoint("t", Text("T", "T"))
    saved(Plan(name=Text("P", "P"), journeys=(journey("first", "a"),), touchpoints=(one,)))
    assert "<optgroup" not in page(editor)
    journeys = (journey("first", "a"), journey("second", "b", "c"))
    saved(Plan(name=Text("P", "P"), journeys=journeys, touchpoints=(one,)))
    text = page(editor)
    first = '<optgroup label="FIRST"><option value="a">a</option></optgroup>'
    second = '<optgroup label="SECOND"><option value="b">b</option><option value="c">c</option></optgroup>'
    assert f"{first}{second}" in text, "what is shown"
    assert text.count(second) == 2, "where to move to: the leading journey has buttons"
