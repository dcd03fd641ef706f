"""The pages: what stands on them, in both languages, hostile names harmless, few queries."""

from __future__ import annotations

import html
import io
import json
import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from support.insights import HOSTILE, analysis, funnel, hostile_analysis, moments_insight
from wegmarke.insights import catalogue, queries, storing
from wegmarke.insights.models import FunnelRequest, Refresh
from wegmarke.plan import documents

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/understand/moments/",
    "/understand/moments/checkout/",
    "/map/journey/",
    "/understand/funnels/",
    "/understand/paths/",
]
QUERIES = 6
"""Session, account, the latest run that ended, the plan with its figures, the newest run, the company."""


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def visible(page: str) -> str:
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"<[^>]*lang=\"en\"[^>]*>.*?</[a-z]+>", " ", page, flags=re.DOTALL)
    page = re.sub(r"([“„])<a [^>]*>([^<]*)</a>", r"\1\2", page)  # a linked name stands close to its marks
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_needs_a_log_in(client, store, address):
    store()
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/log-in/")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_shows_its_figures_with_their_age(reader, store, address):
    store()
    page = text_of(reader, address)
    assert "As of" in page
    assert "plan version 1" in page
    assert "How this was computed" in page


def test_the_first_start_offers_three_ways_in(reader):
    page = text_of(reader, "/")
    assert "wegmarke demo" in page
    assert 'href="/settings/import/"' in page
    assert 'href="/map/start/"' in page
    for address in PAGES[1:]:
        assert "There are no events yet" in text_of(reader, address)


def test_the_template_offered_is_a_plan_that_can_be_loaded(reader):
    address = re.search(r'href="([^"]+plan\.yaml)"', text_of(reader, "/")).group(1)
    plan = documents.load(reader.get(address).content.decode())
    assert [phase.name.de for phase in plan.phases] == [
        "Wahrnehmung",
        "Abwägung",
        "Kauf",
        "Nutzung",
        "Bindung",
    ]
    assert plan.leaving.quiet_days == 60
    assert plan.funnels[0].steps == ("product_page", "checkout", "order")


def test_the_overview_says_what_matters_now(reader, store):
    store()
    page = visible(text_of(reader, "/"))
    assert "Whoever has a bad experience at “Payment” leaves 8 to 13 percentage points more often" in page
    assert "90 to 150 lost customers per quarter, worth €40,000 to 60,000." in page
    assert "“Newsletter” annoys but does no harm" in page
    assert "1,234 events belong to no touchpoint" in page


def test_the_ranking_holds_all_classes_and_one_of_them_on_demand(reader, store):
    store()
    page = text_of(reader, "/understand/moments/")
    for name in ("Payment", "Offer mail", "Repair", "Tasting", "Newsletter", "App"):
        assert f">{name}</a>" in page
    only = text_of(reader, "/understand/moments/?class=breaks")
    assert ">Payment</a>" in only
    assert ">Tasting</a>" not in only
    assert ">Tasting</a>" in text_of(reader, "/understand/moments/?class=nonsense")


def test_a_table_is_sorted_by_its_address(reader, store):
    store()

    def order(query: str) -> list[str]:
        page = text_of(reader, f"/understand/moments/?sort={query}")
        return re.findall(r'<td><a href="/understand/moments/([a-z_]+)/"', page)

    assert order("moments.touchpoint") == [
        "app",
        "newsletter",
        "coupon_mail",
        "checkout",
        "repair",
        "tasting",
    ]
    assert order("-moments.lost")[:2] == ["checkout", "coupon_mail"]
    assert order("nonsense.lost") == order("")
    assert 'aria-sort="descending"' in text_of(reader, "/understand/moments/?sort=-moments.lost")


def test_the_evidence_of_one_touchpoint_answers_how_sure_it_is(reader, store):
    store()
    page = visible(text_of(reader, "/understand/moments/checkout/"))
    for part in (
        "Whoever has a bad experience at “Payment” leaves 8 to 13",
        "at least 4.3 times as likely",
        "3% of these touches had no like situation",
        "known for less than 180 days · nothing bad so far",
        "All of these groups have in common: Phase: Purchase · Segment: Privat.",
        "What this does not say",
        "96 groups by Phase reached",
        "€402",
        "percentage points",
        "docs/methods/moments.md",
    ):
        assert part in page, part


def test_a_touchpoint_nobody_judged_is_not_found(reader, store):
    store()
    assert reader.get("/understand/moments/nowhere/").status_code == 404
    assert reader.get("/understand/funnels/?funnel=nowhere").status_code == 404


def test_without_leaving_and_moving_on_pages_say_what_is_missing(reader, store):
    store(analysis(moments=None, last_actions=None, funnels={}))
    assert "Nothing can be judged yet" in text_of(reader, "/understand/moments/")
    assert "does not say what leaving or moving on means" in text_of(reader, "/")
    assert "The plan names no funnel" in text_of(reader, "/understand/funnels/")
    assert "there is no last action before it" in text_of(reader, "/understand/paths/")
    assert reader.get("/understand/moments/checkout/").status_code == 404


def test_where_nothing_is_rated_no_empty_chart_is_drawn(reader, store):
    bare = analysis()
    unrated = replace(
        bare.lived, touchpoints=tuple(replace(t, experience=None) for t in bare.lived.touchpoints)
    )
    store(replace(bare, lived=unrated))
    page = text_of(reader, "/map/journey/")
    assert "Nobody has rated a touchpoint yet" in page
    assert "chart-experience-curve" not in page


def test_the_journey_has_its_phases_and_cards_in_order(reader, store):
    store()
    page = visible(text_of(reader, "/map/journey/"))
    assert page.index("Purchase") < page.index("Use Persons")
    assert "The journey feels worst at" in page
    assert "((" not in page
    assert "))" not in page


def test_a_funnel_says_where_they_went_instead_silence_included(reader, store):
    store()
    page = visible(text_of(reader, "/understand/funnels/"))
    assert "most are lost before “Payment”: 2,500 persons. Most of these then fall silent (80%)." in page
    assert "After “Newsletter” instead" in page


def test_paths_say_what_comes_last_before_leaving(reader, store):
    store()
    page = visible(text_of(reader, "/understand/paths/"))
    assert "20,134 persons took 1,234 different paths." in page
    said = "“Payment” comes last 3.0 times as often as its frequency explains; the interval is 2.6 to 3.5."
    assert said in page
    assert "… and 29 more" in page


def test_asking_for_a_funnel_leads_to_a_page_that_waits_and_then_shows_it(reader, store):
    store()
    form = {"step_1": "newsletter", "step_2": "", "step_3": "checkout", "window_days": "7.5"}
    refused = reader.post("/understand/funnels/ask/", form)
    assert refused.status_code == 422
    answer = reader.post("/understand/funnels/ask/", form | {"step_2": "app"})
    asked = FunnelRequest.objects.get()
    assert asked.steps == ["newsletter", "app", "checkout"]
    assert asked.window_days == 7.5
    waiting = text_of(reader, answer["Location"])
    assert "Your funnel is being computed" in waiting
    progress = f"/understand/funnels/asked/{asked.pk}/"
    assert progress in waiting
    assert "HX-Refresh" not in reader.get(progress)
    asked.payload = storing.write(funnel(("newsletter", "app", "checkout")))
    asked.save()
    assert reader.get(progress)["HX-Refresh"] == "true"
    assert "Your funnel:" in visible(text_of(reader, answer["Location"]))


def test_a_funnel_through_foreign_touchpoints_is_not_even_asked(reader, store):
    store()
    form = {"step_1": "newsletter", "step_2": "<script>", "window_days": "7"}
    assert reader.post("/understand/funnels/ask/", form).status_code == 422
    assert (
        reader.post("/understand/funnels/ask/", {**form, "step_2": "app", "window_days": "nan"}).status_code
        == 422
    )
    assert not FunnelRequest.objects.exists()
    assert reader.get("/understand/funnels/ask/").status_code == 405


def test_reading_never_writes(reader, store):
    store()
    for address in PAGES:
        reader.get(address)
    assert Refresh.objects.count() == 1
    assert reader.get(f"/insights/try-again/{Refresh.objects.get().pk}/").status_code == 405


def test_a_failed_run_is_said_on_every_page_and_can_be_tried_again(reader, store):
    store()
    now = timezone.now()
    failed = Refresh.objects.create(
        log_change=99,
        plan_version=1,
        shape=storing.shape(),
        noticed_at=now,
        due_at=now,
        dead_at=now,
        problem="no rule <b>binds</b>",
    )
    for address in PAGES:
        page = text_of(reader, address)
        assert "Journeys and figures could not be rebuilt." in page
        assert "no rule &lt;b&gt;binds&lt;/b&gt;" in page
    reader.post(f"/insights/try-again/{failed.pk}/")
    failed.refresh_from_db()
    assert failed.dead_at is None


def test_freshness_tells_of_newer_figures_and_reloads_only_an_empty_page(reader, store):
    first = store()
    assert "HX-Refresh" not in reader.get(f"/insights/freshness/?shown={first.pk}")
    assert reader.get("/insights/freshness/?shown=")["HX-Refresh"] == "true"
    store()
    answer = reader.get(f"/insights/freshness/?shown={first.pk}")
    assert "There are newer figures" in answer.content.decode()
    assert "HX-Refresh" not in answer


@pytest.mark.parametrize("name", sorted(catalogue.BUILDERS))
def test_every_table_can_be_downloaded_in_both_formats(reader, store, name):
    store()
    address = f"/insights/tables/{name}"
    answer = reader.get(f"{address}.csv?touchpoint=checkout")
    assert answer["Content-Disposition"] == f'attachment; filename="wegmarke-{name}.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) > 1
    book = load_workbook(io.BytesIO(reader.get(f"{address}.xlsx?touchpoint=checkout").content))
    assert book.active.max_row == len(lines)


def test_a_download_follows_filter_and_order_of_the_page(reader, store):
    store()
    lines = (
        reader.get("/insights/tables/moments.csv?sort=moments.touchpoint")
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert [line.split(",")[0] for line in lines[1:]] == [
        "App",
        "Newsletter",
        "Offer mail",
        "Payment",
        "Repair",
        "Tasting",
    ]
    only = reader.get("/insights/tables/moments.csv?class=breaks").content.decode("utf-8-sig").splitlines()
    assert len(only) == 2
    assert reader.get("/insights/tables/nonsense.csv").status_code == 404
    assert reader.get("/insights/tables/moments.pdf").status_code == 404


# Words that only English has and that no touchpoint of the example is called.
ENGLISH = re.compile(
    r"\b(the|and|with|of|to|persons|touches|leaving|whoever|more|points|share|after|their|bad|good|first|step)\b"
)


@pytest.mark.parametrize("address", [*PAGES, "/understand/moments/app/", "/understand/moments/newsletter/"])
def test_a_german_page_holds_no_english(reader, store, address):
    store()
    reader.language("de")
    page = text_of(reader, address)
    found = ENGLISH.findall(visible(page).casefold())
    assert found == [], found
    for data in re.findall(r'<script id="[^"]*" type="application/json">(.*?)</script>', page):
        assert ENGLISH.findall(json.dumps(texts_in(json.loads(data)), ensure_ascii=False)) == []
    for label in re.findall(r'(?:aria-label|title|alt)="([^"]*)"', page):
        assert ENGLISH.findall(html.unescape(label).replace("English", "")) == [], label


@pytest.mark.parametrize("address", [p for p in PAGES if "checkout" not in p])
def test_a_german_first_start_holds_no_english(reader, address):
    reader.language("de")
    page = visible(text_of(reader, address)).replace(
        "wegmarke analyse events.csv --plan plan.yaml --out report", ""
    )
    assert ENGLISH.findall(page.casefold()) == []


def texts_in(value) -> list[str]:
    """Return the texts of a chart a person reads."""
    if isinstance(value, dict):
        shown = [
            v
            for k, v in value.items()
            if k in {"label", "text", "brief", "group", "name"} and isinstance(v, str)
        ]
        return shown + [t for v in value.values() for t in texts_in(v)]
    return [t for v in value for t in texts_in(v)] if isinstance(value, list) else []


def hostile_addresses() -> list[str]:
    return [
        *(p for p in PAGES if "checkout" not in p),
        *(reverse("insights:moment", args=[name]) for name in HOSTILE),
    ]


@pytest.mark.parametrize("language", ["de", "en"])
def test_hostile_names_are_text_wherever_they_stand(reader, store, language):
    store(hostile_analysis(), saved=False)
    reader.language(language)
    for address in hostile_addresses():
        page = text_of(reader, address)
        assert "<script>alert" not in page, address
        assert "<img" not in page, address
        for data in re.findall(r'<script id="[^"]*" type="application/json">(.*?)</script>', page):
            assert not re.search("[<>&]", data), address
            json.loads(data)
        assert "only-for-tests" not in page


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_has_an_address_of_its_own(reader, store, name):
    store(hostile_analysis(), saved=False)
    address = reverse("insights:moment", args=[name])
    assert "/../" not in address
    page = text_of(reader, address)
    assert html.escape(name) in page or html.escape(name, quote=False) in page


def test_hostile_names_leave_as_text_in_downloads(reader, store):
    store(hostile_analysis(), saved=False)
    for name in catalogue.BUILDERS:
        address = f"/insights/tables/{name}.xlsx?touchpoint={quote(HOSTILE[0])}"
        sheet = load_workbook(io.BytesIO(reader.get(address).content)).active
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}
                assert not str(cell.value).startswith("=")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_reads_the_database_few_times(reader, store, django_assert_num_queries, address):
    store()
    reader.get(address)  # once for what each process keeps
    with django_assert_num_queries(QUERIES):
        reader.get(address)


def test_a_run_is_read_once_by_each_process(store, django_assert_num_queries):
    store()
    queries.latest()
    with django_assert_num_queries(2):  # which run is the latest, and which plan has its figures
        assert queries.latest().analysis.moments == moments_insight()
