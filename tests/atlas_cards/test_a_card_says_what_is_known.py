"""The card of a touchpoint: the sentence, design and gaps, figures, evidence, history, in both languages."""

import csv
import html
import io
import re
from dataclasses import replace

import pytest
from card_plans import FULL, full_plan
from django.urls import get_resolver, reverse
from django.utils import timezone

from support.insights import HOSTILE, analysis, hostile_analysis
from wegmarke.atlas import links
from wegmarke.atlas.cards import measured, wording
from wegmarke.atlas.verdicts import Strength, judged
from wegmarke.insights.links import PAGES_BESIDE_CARDS
from wegmarke.plan import queries, services
from wegmarke.plan.contracts import Measure, Metric, Plan, Status, Text, Touchpoint
from wegmarke.plan.evidence import services as evidence
from wegmarke.plan.evidence.contracts import Grade, Kind, Statement

pytestmark = pytest.mark.django_db
CARD = "/map/touchpoints/checkout/"
QUERIES = 10
"""Session, account, plan version, latest run, its basis, history, evidence and what it names, freshness."""


def visible(answer) -> str:
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    page = page[page.index("<main") :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def full(store):
    store(replace(analysis(), plan=full_plan()))


def test_the_card_says_everything_about_a_touchpoint(full, log_in):
    page = visible(log_in("viewer").get(CARD))
    for part in (
        "Whoever has a bad experience at “Payment” leaves 8 to 13 percentage points more often",
        "Complete the order",
        "at the end of the purchase",
        "Times per quarter 1.5",
        "olga, Ben",
        "€0.35",
        "Net experience at least +30 Actual: +50 (+46 to +54), n = 1,000",
        "reached",
        "new customers · Purchase Pay safely",
        "Everybody · every phase Thank you",
        "Digital",
        "Planned (it happens by intention)",
        "Customer (reactive)",
        "Creates value for customers",
        "Owned",
        "Payment Entered where step is “payment”",
        "Checkout * where basket.items is at least 2",
        "bad where wait_minutes is above 60",
        "good where status is one of “paid”, “on account” and express is true",
        "Otherwise: neutral.",
        "Touches 9,000",
        "n = 600 rated touches: 100 bad, 200 neutral, 300 good",
        "Drop-off 5%",
        "To the purchase (step 2 of 3)",
        "Quick help",
        f"Come{wording.INTO}Look",
        "Added.",
    ):
        assert re.sub(r"\s+", "", part) in re.sub(r"\s+", "", page), part


def test_the_card_is_german_for_germans(full, log_in):
    page = visible(log_in("viewer", language="de").get(CARD))
    for part in ("Zweck", "Bestellung abschließen", "wenn step gleich „payment“ ist", "erreicht", "0,35"):
        assert part in re.sub(r"\s+([“ ])", r"\1", page.replace("„ ", "„").replace(" “", "“")), part
    for english in ("Purpose", "Owners", "where", "Evidence", "History"):
        assert english not in page, english


def test_gaps_lead_to_their_fields_in_the_form(full, log_in):
    page = log_in("editor").get("/map/touchpoints/app/").content.decode()
    form = log_in("editor", "mira").get("/map/touchpoints/app/edit/").content.decode()
    anchors = set(re.findall(r'href="/map/touchpoints/app/edit/#([\w-]+)"', page))
    assert {"id_purpose_de", "id_owners_0", "id_metric_measure", "rules", "said", "id_whose"} <= anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in form, anchor


def test_gaps_are_no_links_for_those_who_may_not_fill_them(full, log_in):
    page = log_in("viewer").get("/map/touchpoints/app/").content.decode()
    assert "not said yet" in page
    assert "/edit/" not in page


@pytest.mark.parametrize(
    ("metric", "said", "verdict"),
    [
        (Metric(Measure.NET_EXPERIENCE, 0.6), "+50 (+46 to +54), n = 1,000", "not reached"),
        (Metric(Measure.NET_EXPERIENCE, 0.5), "+50 (+46 to +54), n = 1,000", "too close to call"),
        (Metric(Measure.DROP_OFF, 0.1), "5% (4 to 6%), n = 1,000", "reached"),
        (Metric(Measure.DROP_OFF, 0.05), "5% (4 to 6%), n = 1,000", "too close to call"),
        (Metric(Measure.BAD_SHARE, 0.1), "17% (14 to 20%), n = 600", "not reached"),
        (Metric(Measure.TOUCHES, 100), "100 in the last complete month", "reached"),
        (Metric(Measure.PERSONS, 80), "60 in the last complete month", "not reached"),
    ],
)
def test_a_target_is_judged_by_both_ends_of_the_interval(metric, said, verdict):
    found = measured.actual(metric, "checkout", analysis())
    assert (found.text, found.verdict) == (said, verdict)


def test_without_figures_there_is_no_actual_value():
    assert measured.actual(FULL.metric, "checkout", None) is None
    assert measured.actual(FULL.metric, "nowhere", analysis()) is None
    one_month = replace(analysis().monthly, months=analysis().monthly.months[-1:], last_complete=False)
    for measure in (Measure.PERSONS, Measure.TOUCHES):
        assert measured.actual(Metric(measure, 5), "checkout", replace(analysis(), monthly=one_month)) is None
    lived = replace(
        analysis().lived.touchpoints[0], bad=0, neutral=0, good=0, experience=None, bad_share=None
    )
    unrated = replace(analysis(), lived=replace(analysis().lived, touchpoints=(lived,)))
    for measure in (Measure.NET_EXPERIENCE, Measure.BAD_SHARE):
        assert measured.actual(Metric(measure, 0.1), lived.touchpoint, unrated) is None


def test_what_is_missing_to_judge_is_said(log_in, store):
    client = log_in("editor")
    services.save(
        Plan(Text("x", "x"), touchpoints=(Touchpoint("a", Text("A", "A")), FULL_WITHOUT_PHASES)),
        by=None,
        now=timezone.now(),
    )
    assert "no binding rule says which events" in visible(client.get("/map/touchpoints/a/"))
    assert "there are no figures so far" in visible(client.get(CARD))
    store(replace(analysis(), lived=replace(analysis().lived, touchpoints=()), moments=None), saved=False)
    assert "was never seen in the data" in visible(client.get(CARD))


def test_card_list_and_audit_give_the_same_verdict(full, log_in):
    client = log_in("viewer")
    verdicts = judged(analysis(), full_plan())
    listed = client.get("/map/touchpoints/-/table.csv").content.decode("utf-8-sig")
    rows = {row["Key"]: row["Verdict"] for row in csv.DictReader(io.StringIO(listed))}
    assert len({one.verdict for one in verdicts.values()}) > 1
    assert rows.keys() - verdicts.keys() == {"cancellation"}
    for key, word in rows.items():
        assert word == (verdicts[key].verdict if key in verdicts else "")
        page = client.get(links.card(key)).content.decode()
        assert re.search(
            rf'class="wm-class wm-class-\w+"[^<]*<span[^>]*>[^<]*</span>\s*{word or "unknown"}', page
        ), key


def test_what_a_verdict_still_needs_is_said(full, log_in):
    found = judged(analysis(), full_plan())
    for one in found.values():
        page = visible(log_in("viewer", f"v-{one.touchpoint}").get(links.card(one.touchpoint)))
        assert ("Still missing: roughly" in page) == bool(one.needed), one.touchpoint
        assert ("How sure: " in page) == (one.strength is not Strength.NONE), one.touchpoint


FULL_WITHOUT_PHASES = replace(FULL, phases=(), promises=(), content=())


def test_a_touchpoint_of_the_data_alone_has_a_card_with_its_figures(store, log_in):
    store(hostile_analysis(), saved=False)
    client = log_in("editor")
    for key in HOSTILE:
        answer = client.get(links.card(key))
        assert answer.status_code == 200, key
        assert "but not in the plan" in answer.content.decode()
        assert html.escape(key) in answer.content.decode()


def test_an_unknown_touchpoint_is_not_found(full, log_in):
    client = log_in("editor")
    for way in ("", "edit/", "history/", "remove/"):
        assert client.get(f"/map/touchpoints/nowhere/{way}").status_code == 404, way


def test_a_touchpoint_called_like_a_page_still_has_its_card(full, log_in):
    client = log_in("editor")
    client.post("/map/touchpoints/new/", {"name_en": "New", "key": "new"})
    assert links.card("new") != reverse("atlas:touchpoint-new")
    assert "no binding rule" in visible(client.get(links.card("new")))


def test_every_page_beside_the_cards_is_known_as_such():
    beside = set()
    for pattern in get_resolver("wegmarke.atlas.urls").url_patterns:
        for one in getattr(pattern, "url_patterns", [pattern]):
            match = re.match(r"map/touchpoints/([\w-]+)/", str(one.pattern))
            beside |= {match[1]} if match else set()
    assert "new" in beside
    assert beside <= PAGES_BESIDE_CARDS


def test_the_strongest_grade_of_evidence_is_the_badge(full, log_in):
    for grade in (Grade.OBSERVED, Grade.ASSUMED):
        said = Statement(
            Kind.QUOTE, grade, f"It is {grade}.", link="https://example.com/x", touchpoints=("checkout",)
        )
        evidence.note(said, by=None, now=timezone.now())
    page = log_in("viewer").get(CARD).content.decode()
    title = page[page.index('id="evidence-title"') :].split("</h2>")[0]
    assert "observed" in title
    assert "assumed" not in title
    assert "It is assumed." in page
    assert 'href="https://example.com/x" rel="noreferrer noopener nofollow"' in page


def test_a_card_shows_ten_changes_and_the_way_to_all(full, log_in):
    for minutes in range(14):
        touchpoint = replace(queries.current().plan.touchpoint("checkout"), minutes=float(minutes))
        services.change_touchpoint(
            touchpoint, based_on=queries.current().version, by=None, now=timezone.now()
        )
    page = log_in("viewer").get(CARD).content.decode()
    assert page.count('<li class="wm-edit"') == 10
    assert "All 15 changes, compare versions" in page
    assert page.index("version-15") < page.index("version-14")


def test_a_removed_touchpoint_says_who_removed_it(full, log_in, django_user_model):
    mira = django_user_model.objects.create_user("mira", role="editor")
    services.remove_touchpoints(["repair"], by=mira, now=timezone.now())
    page = visible(log_in("viewer").get("/map/touchpoints/repair/"))
    assert "mira removed this touchpoint" in page


def test_retiring_and_bringing_back_keeps_everything_else(full, log_in):
    client = log_in("editor")
    client.post(f"{CARD}status/", {"status": "retired"})
    assert queries.current().plan.touchpoint("checkout") == replace(FULL, status=Status.RETIRED)
    assert "Retired" in visible(client.get(CARD))
    client.post(f"{CARD}status/", {"status": "back"})
    assert queries.current().plan.touchpoint("checkout") == FULL


def test_an_idea_that_was_retired_comes_back_as_an_idea(full, log_in):
    idea = replace(FULL, status=Status.IDEA)
    services.change_touchpoint(idea, based_on=1, by=None, now=timezone.now())
    client = log_in("editor")
    client.post(f"{CARD}status/", {"status": "retired"})
    page = visible(client.post(f"{CARD}status/", {"status": "back"}, follow=True))
    assert "The touchpoint is back with the status “idea”." in page
    assert queries.current().plan.touchpoint("checkout") == idea
    assert client.post(f"{CARD}status/", {"status": "nonsense"}).status_code == 400


def test_removing_names_what_refers_to_it_and_removes_nothing(full, log_in):
    client = log_in("editor")
    page = visible(client.get(f"{CARD}remove/"))
    assert "It cannot be removed as long as it is named by: the funnel “To the purchase”" in page
    answer = client.post(f"{CARD}remove/")
    assert answer.status_code == 409
    assert "Nothing was removed." in visible(answer)
    assert client.post("/map/touchpoints/repair/remove/").status_code == 302
    assert queries.current().plan.touchpoint("repair") is None


def test_pages_ask_the_database_a_fixed_number_of_times(full, log_in, django_assert_max_num_queries):
    for at in range(5):
        evidence.note(
            Statement(Kind.NOTE, Grade.MEASURED, f"note {at}", touchpoints=("checkout", "app")),
            by=None,
            now=timezone.now(),
        )
    client = log_in("editor")
    client.get(CARD)
    for address, most in (
        (CARD, QUERIES),
        (f"{CARD}edit/", 7),
        (f"{CARD}history/", 6),
        ("/map/evidence/", 7),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200, address
