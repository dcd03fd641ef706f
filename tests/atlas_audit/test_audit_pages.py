"""The page of the audit: what it says, how it is narrowed down, who may do what."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from support.described import undescribed
from support.insights import HOSTILE, analysis, hostile_analysis
from wegmarke.analysis.insight import Estimate
from wegmarke.atlas.audit import tables
from wegmarke.atlas.audit.handovers import Exit, HandOver
from wegmarke.atlas.models import AcceptedFinding
from wegmarke.insights.names import Names
from wegmarke.plan import queries as plans
from wegmarke.plan.contracts import Status

pytestmark = pytest.mark.django_db
PAGE = "/map/audit/"


def owned(*names: str):
    """Return an analysis in which `checkout` belongs to Shop and to these owners."""
    found = analysis()
    touchpoints = tuple(
        replace(one, department="Shop", owners=names) if one.key == "checkout" else one
        for one in found.plan.touchpoints
    )
    return replace(found, plan=replace(found.plan, touchpoints=touchpoints))


def test_the_sentence_comes_first_and_counts_every_verdict(store, log_in):
    store()
    page = log_in().get(PAGE).content.decode()
    assert "Of 6 touchpoints 4 work, 1 annoys" not in page  # the newsletter is silent, hence dead
    assert "Of 6 touchpoints 3 work, 1 annoys, 1 is dead and 1 is unknown." in page


def test_the_german_page_speaks_german(store, log_in):
    store()
    page = log_in(language="de").get(PAGE).content.decode()
    assert "Von 6 Touchpoints wirken 3, nervt 1, ist 1 tot und bleibt 1 unbekannt." in page
    assert "Kein Zweck" in page


def test_without_figures_the_plan_alone_is_audited(log_in, store):
    store()
    from wegmarke.insights import queries
    from wegmarke.insights.models import Refresh

    Refresh.objects.all().delete()
    queries.forget()
    page = log_in().get(PAGE).content.decode()
    assert "There are no figures yet" in page
    assert "Nobody has said what “" in page


def test_before_there_is_a_plan_the_page_says_what_to_do(log_in):
    assert "There is nothing to audit yet" in log_in().get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("kind=no_owner", "kind-no_owner", "kind-no_purpose"),
        ("severity=high", "kind-annoys", "kind-no_metric"),
        ("department=Shop", "kind-no_purpose", "kind-annoys"),
        ("department=-", "kind-annoys", "kind-target_missed"),
        ("owner=somebody", "kind-owner_unclear", "kind-annoys"),
        ("severity=nonsense&kind=nonsense", "kind-no_purpose", "kind-target_missed"),
    ],
)
def test_findings_are_narrowed_down_by_the_address(store, log_in, query, shown, hidden):
    store(owned("somebody"))
    page = log_in().get(f"{PAGE}?{query}").content.decode()
    assert f'id="{shown}"' in page
    assert f'id="{hidden}"' not in page


def test_a_verdict_filters_the_table_of_verdicts(store, log_in):
    store()
    page = log_in().get(f"{PAGE}?verdict=dead").content.decode()
    table = page[page.index('id="table-verdicts"') :].split("</table>")[0]
    assert "Newsletter" in table
    assert "Payment" not in table


def test_limits_in_the_address_count_and_nonsense_does_not(store, log_in):
    store()
    reader = log_in()
    strict = reader.get(f"{PAGE}?most_touchpoints=1").content.decode()
    assert 'id="kind-overloaded_phase"' in strict
    for nonsense in ("abc", "-5", "0", "99999999", "1e400", ""):
        page = reader.get(f"{PAGE}?most_touchpoints={nonsense}")
        assert page.status_code == 200
        assert 'id="kind-overloaded_phase"' not in page.content.decode()


def test_a_limit_that_makes_no_sense_names_its_reason(store, log_in):
    store()
    assert undescribed(log_in().get(f"{PAGE}?most_touchpoints=-5").content.decode()) == []


def test_every_touchpoint_in_a_finding_leads_to_its_evidence(store, log_in):
    store()
    page = log_in().get(PAGE).content.decode()
    assert reverse("insights:moment", args=["coupon_mail"]) in page


# Accepting


def accept(client, finding: str, **data):
    until = data.pop("until", timezone.localdate() + timedelta(days=30))
    return client.post(
        f"{PAGE}accept/?finding={finding}", {"reason": "planned for spring", "until": until, **data}
    )


def test_an_accepted_finding_is_gone_until_its_day_and_can_be_opened_again(store, log_in):
    store()
    client = log_in()
    key = "no_purpose:checkout"
    assert accept(client, key).status_code == 302
    assert "what “Payment” is for" not in client.get(PAGE).content.decode()
    kept = client.get(f"{PAGE}?accepted=1").content.decode()
    assert "what “Payment” is for" in kept
    assert "planned for spring" in kept
    AcceptedFinding.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert "what “Payment” is for" in client.get(PAGE).content.decode()
    AcceptedFinding.objects.update(until=timezone.localdate())
    client.post(f"{PAGE}take-back/", {"finding": key})
    assert "what “Payment” is for" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"reason": ""}, "This field is required"),
        ({"until": "2001-01-01"}, "This day is over."),
        ({"until": "2999-01-01"}, "At most a year"),
        ({"until": "soon"}, "Enter a valid date"),
    ],
)
def test_accepting_needs_a_reason_and_a_day_that_is_not_too_far(store, log_in, data, said):
    store()
    response = accept(log_in(), "no_purpose:checkout", **data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert AcceptedFinding.objects.count() == 0


def test_a_finding_that_is_not_there_cannot_be_accepted(store, log_in):
    store()
    assert accept(log_in(), "no_purpose:nowhere").status_code == 404
    assert accept(log_in(name="lu"), "nonsense").status_code == 404


def test_limits_and_filters_of_the_address_are_kept_on_every_way(store, log_in):
    store()
    client = log_in()
    asked = "kind=overloaded_phase&most_touchpoints=1&often_bad=nonsense"
    page = client.get(f"{PAGE}?{asked}").content.decode()
    whole = asked.replace("&", "&amp;")
    assert f"{PAGE}accept/?{whole}&amp;finding=overloaded_phase%3Ause" in page
    filters, limits = page.split('id="limits"')
    assert '<input type="hidden" name="most_touchpoints" value="1">' in filters
    assert '<input type="hidden" name="kind" value="overloaded_phase">' in limits
    assert f'href="{PAGE}?most_touchpoints=1"' in filters, "all findings with these limits"
    assert f'href="{PAGE}?kind=overloaded_phase"' in limits, "these findings with the usual limits"


def test_a_finding_of_other_limits_is_accepted_and_opened_again(store, log_in):
    store()
    client, key, asked = log_in(), "overloaded_phase:use", "kind=overloaded_phase&most_touchpoints=1"
    assert client.get(f"{PAGE}accept/?finding={key}").status_code == 404
    shown = client.get(f"{PAGE}accept/?{asked}&finding={key}").content.decode()
    assert f'href="{PAGE}?{asked}"'.replace("&", "&amp;") in shown, "cancelling goes back to them as well"
    accepted = client.post(
        f"{PAGE}accept/?{asked}&finding={key}", {"reason": "x", "until": timezone.localdate()}
    )
    assert accepted["Location"] == f"{PAGE}?{asked}"
    again = client.post(f"{PAGE}take-back/?{asked}", {"finding": key})
    assert again["Location"] == f"{PAGE}?{asked}"
    assert AcceptedFinding.objects.count() == 0


# Rights


def test_a_viewer_reads_but_finds_nothing_to_press(store, log_in):
    store(owned())
    client = log_in("viewer")
    page = client.get(PAGE).content.decode()
    for way in ("audit/accept/", "audit/mend/", "audit/take-back/"):
        assert way not in page
    assert accept(client, "no_owner:checkout").status_code == 403
    assert client.post(f"{PAGE}take-back/", {"finding": "no_owner:checkout"}).status_code == 403
    for what in ("take_over", "retire"):
        assert client.post(f"{PAGE}mend/", {"touchpoint": "checkout", "do": what}).status_code == 403
    assert plans.current().version == 1
    assert AcceptedFinding.objects.count() == 0


def test_an_owner_may_accept_findings_about_the_own_touchpoint_only(store, log_in):
    store(owned("kim"))
    client = log_in("viewer", "kim")
    assert accept(client, "no_purpose:checkout").status_code == 302
    assert accept(client, "no_purpose:repair").status_code == 403
    assert accept(client, "gap_no_contact:use").status_code == 403


def test_nobody_is_offered_what_is_refused_afterwards(store, log_in):
    found = owned("kim")
    same = next(one.name for one in found.plan.touchpoints if one.key == "checkout")
    touchpoints = tuple(
        replace(one, name=same) if one.key == "repair" else one for one in found.plan.touchpoints
    )
    store(replace(found, plan=replace(found.plan, touchpoints=touchpoints)))
    client = log_in("editor", "lu")
    (address,) = set(
        re.findall(r'href="([^"]*accept[^"]*duplicate_name[^"]*)"', client.get(PAGE).content.decode())
    )
    assert client.get(unescape(address)).status_code == 200
    assert log_in("viewer", "kim").get(unescape(address)).status_code == 403


def test_somebody_not_logged_in_sees_nothing(client, store):
    store()
    assert client.get(PAGE).status_code == 302
    assert client.get(f"{PAGE}findings.csv").status_code == 302


# Mending at once


def test_a_touchpoint_without_an_owner_is_taken_over_with_one_click(store, log_in):
    store()
    client = log_in("editor", "kim")
    client.post(f"{PAGE}mend/", {"touchpoint": "checkout", "do": "take_over"})
    assert plans.current().plan.touchpoint("checkout").owners == ("kim",)


def test_taking_over_keeps_the_owners_somebody_knows(store, log_in, django_user_model):
    django_user_model.objects.create_user("mira", role="viewer")
    store(owned("mira", "nobody", "Shop"))
    log_in("editor", "kim").post(f"{PAGE}mend/", {"touchpoint": "checkout", "do": "take_over"})
    assert plans.current().plan.touchpoint("checkout").owners == ("mira", "Shop", "kim")


def test_a_dead_touchpoint_is_retired_with_one_click(store, log_in):
    store()
    client = log_in()
    assert 'value="retire"' in client.get(f"{PAGE}?kind=dead").content.decode()
    client.post(f"{PAGE}mend/", {"touchpoint": "newsletter", "do": "retire"})
    assert plans.current().plan.touchpoint("newsletter").status is Status.RETIRED
    assert 'id="kind-dead"' not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "data", [{"touchpoint": "nowhere", "do": "retire"}, {"touchpoint": "app", "do": "x"}, {}]
)
def test_mending_what_there_is_not_is_refused(store, log_in, data):
    store()
    assert log_in().post(f"{PAGE}mend/", data).status_code == 404


# Files


@pytest.mark.parametrize("name", ["findings", "verdicts", "hand-overs"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_table_can_be_taken_away(store, log_in, name, ending):
    store()
    response = log_in().get(f"{PAGE}{name}.{ending}")
    assert response.status_code == 200
    assert f"wegmarke-{name}.{ending}" in response["Content-Disposition"]


def test_the_file_holds_the_findings_of_the_page(store, log_in):
    store()
    text = log_in().get(f"{PAGE}findings.csv?kind=no_owner").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Finding"] for row in rows} == {"No owner"}
    assert len(rows) == len(plans.current().plan.touchpoints)


@pytest.mark.parametrize(("q", "said"), [(0.0123, "0,012"), (0.5, "0,500"), (0.00002, "< 0,001")])
def test_the_table_of_hand_overs_speaks_german_in_its_figures_as_well(q, said):
    rate = Estimate(0.1, 0.05, 0.15, 100)
    one = HandOver(Exit("checkout", "use", "x", "y", 0.8, 100, 10), rate, rate, rate, q, q, alike=True)
    with translation.override("de"):
        table = tables.hand_overs([one], Names(analysis().plan))
        assert table.rows[0].cells[-1].text == said


def test_there_is_no_other_file(store, log_in):
    store()
    client = log_in()
    assert client.get(f"{PAGE}nothing.csv").status_code == 404
    assert client.get(f"{PAGE}findings.pdf").status_code == 404


def test_hostile_names_are_only_text(store, log_in):
    store(hostile_analysis(), saved=False)
    page = log_in().get(PAGE).content.decode()
    for name in HOSTILE[:3]:
        assert name not in page


def test_the_page_asks_the_database_the_same_few_questions_however_much_there_is(
    store, log_in, django_assert_max_num_queries
):
    found = analysis()
    many = tuple(
        replace(
            found.plan.touchpoints[0], key=f"many-{i}", name=replace(found.plan.name, de=f"n{i}", en=f"n{i}")
        )
        for i in range(100)
    )
    store(found, of=replace(found.plan, touchpoints=(*found.plan.touchpoints, *many)))
    client = log_in()
    client.get(PAGE)
    with django_assert_max_num_queries(11):
        client.get(PAGE)
