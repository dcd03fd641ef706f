from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pyarrow as pa
import pytest
from discovery_samples import candidate
from django.utils import timezone
from openpyxl import load_workbook

from support.insights import HOSTILE
from wegmarke.atlas.discovery import steps
from wegmarke.atlas.discovery.contracts import Found
from wegmarke.atlas.models import Discovery
from wegmarke.plan import queries as plans
from wegmarke.plan import services as planning
from wegmarke.plan.contracts import Text
from wegmarke.record import services as record
from wegmarke.record.contracts import EVENT_SCHEMA, BindingRule, Condition, Operator

pytestmark = pytest.mark.django_db
URL = "/map/discovery/"


def names():
    return [one.name.en or one.name.de for one in plans.current().plan.touchpoints]


def post(reader, **data):
    return reader.post(URL, data, follow=True)


def fields(one, name, channel="phone", phase="use"):
    return {f"name-{one.key}": name, f"channel-{one.key}": channel, f"phase-{one.key}": phase}


def test_without_events_the_page_says_how_to_get_some(reader):
    page = reader.get(URL)
    assert "There are no events yet" in page.text
    assert "/settings/import/" in page.text


def test_while_the_first_run_is_under_way_the_page_says_so(reader, plan):
    now = timezone.now()
    Discovery.objects.create(
        log_change=1,
        plan_version=1,
        basis=1,
        ignored=0,
        shape=steps.storing.shape(),
        noticed_at=now,
        due_at=now,
    )
    page = reader.get(URL)
    assert "they are being looked through" in page.text
    assert "hx-get" in page.text


def test_the_sentence_comes_first_and_the_entries_after_it(reader, keep):
    keep()
    page = reader.get(URL)
    assert "12 kinds of events are not (or not completely) tied to a touchpoint." in page.text
    assert "2 possible touchpoints" in page.text
    assert "reached 83% of all customers" in page.text
    assert page.text.index("83%") < page.text.index("Call")
    reader.become(language="de")
    assert "Darin stecken 2 mögliche Touchpoints" in reader.get(URL).text


def test_where_everything_is_documented_the_page_says_that(reader, keep):
    run = keep()
    run.payload = steps.storing.write(Found((), 0, 0, 10, 0, 0))
    run.save()
    assert "Everything is documented" in reader.get(URL).text


def test_one_is_adopted_with_a_click_and_its_proposal(reader, keep):
    keep()
    one = candidate("call")
    page = post(reader, adopt=one.key, **fields(one, "Call"))
    adopted = plans.current().plan.touchpoints[-1]
    assert (adopted.key, adopted.name, adopted.channel, adopted.phases) == (
        "call",
        Text("Call", "Call"),
        "phone",
        ("use",),
    )
    assert adopted.rules == one.rules
    assert "1 touchpoint was added to the plan: Call." in page.text
    assert f'id="candidate-{one.key}"' not in page.text
    assert "1 possible touchpoint " in page.text


@pytest.mark.parametrize("button", ["adopt", "leave"])
def test_what_was_entered_in_other_rows_stays_when_one_is_done(reader, keep, button):
    keep(candidate("call"), candidate("chat"), candidate("visit"))
    call, chat, visit = candidate("call"), candidate("chat"), candidate("visit")
    rest = {**fields(chat, "My own name\0"), **fields(visit, "Visit"), "pick": visit.key}
    page = reader.post(URL, {button: call.key, **fields(call, "Call"), **rest})
    assert f'id="candidate-{call.key}"' not in page.text
    assert 'value="My own name"' in page.text
    assert re.search(rf'id="pick-{visit.key}" checked', page.text)


def test_many_are_adopted_in_one_version_as_they_were_edited(reader, keep):
    keep()
    call, chat = candidate("call"), candidate("chat")
    before = plans.current().version
    post(
        reader,
        adopt="",
        pick=[call.key, chat.key],
        **fields(call, "Anruf", channel="Telefon", phase="buy"),
        **fields(chat, "Chat", channel="", phase=""),
    )
    assert plans.current().version == before + 1
    first, second = plans.current().plan.touchpoints[-2:]
    assert (first.name, first.channel, first.phases) == (Text(en="Anruf"), "phone", ("buy",))
    assert (second.name, second.channel, second.phases) == (Text("Chat", "Chat"), None, ())


def test_two_of_one_name_get_keys_of_their_own(reader, keep):
    keep()
    call, chat = candidate("call"), candidate("chat")
    post(reader, adopt="", pick=[call.key, chat.key], **fields(call, "Order"), **fields(chat, "Order"))
    assert [one.key for one in plans.current().plan.touchpoints] == ["order", "order_2", "order_3"]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": " "}, "The touchpoint needs a name."),
        ({"name": "x" * 201}, "at most"),
        ({"name": "x", "channel": "y" * 101}, "at most"),
        ({"name": "x", "phase": "gone"}, "not in the plan"),
    ],
)
def test_what_cannot_be_adopted_is_said_and_nothing_is_lost(reader, keep, changed, problem):
    keep()
    call, chat = candidate("call"), candidate("chat")
    sent = {
        "adopt": "",
        "pick": [call.key, chat.key],
        **fields(call, **changed),
        **fields(chat, "My own name"),
    }
    page = reader.post(URL, sent)
    assert page.status_code == 422
    assert problem in page.text
    assert 'value="My own name"' in page.text
    assert page.text.count("checked") >= 2
    assert names() == ["Order"]


def test_nothing_selected_changes_nothing(reader, keep):
    keep()
    assert "Nothing was selected" in post(reader, adopt="").text
    assert "Nothing was selected" in post(reader, leave="", pick=["unknown"]).text
    assert plans.current().version == 1


def test_no_touchpoint_is_remembered_and_can_be_taken_back(reader, keep):
    keep()
    one = candidate("call")
    page = post(reader, leave=one.key)
    assert f'id="candidate-{one.key}"' not in page.text
    assert plans.current().plan.not_touchpoints == one.rules
    page = reader.get(URL, {"show": "left-alone"})
    assert '<span class="wm-rule">call</span>' in page.text
    key = re.search(r'name="look_again" value="(\w+)"', page.text)[1]
    page = reader.post(f"{URL}?show=left-alone", {"look_again": key}, follow=True)
    assert "Taken back." in page.text
    assert plans.current().plan.not_touchpoints == ()
    assert f'id="candidate-{one.key}"' in reader.get(URL).text
    assert "taken back already" in post(reader, look_again=key).text


def test_what_looks_like_a_touchpoint_can_be_added_to_it(reader, keep):
    one = candidate("order_placed", like="order")
    keep(one)
    page = reader.get(URL, {"show": "like"})
    assert "Looks like:" in page.text
    assert f'id="candidate-{one.key}"' not in reader.get(URL).text
    page = post(reader, add=one.key)
    assert "now belong to the touchpoint “Order”" in page.text
    assert plans.current().plan.touchpoints[0].rules == (BindingRule("order"), *one.rules)
    assert "is gone" in post(reader, add=one.key).text


def test_viewers_read_and_change_nothing(reader, keep):
    keep()
    one = candidate("call")
    reader.become("viewer")
    page = reader.get(URL)
    assert "Call" in page.text
    assert 'name="pick"' not in page.text
    for data in ({"adopt": one.key}, {"leave": one.key}):
        assert reader.post(URL, data).status_code == 403
    assert plans.current().version == 1


def test_an_owner_may_not_add_rules_even_to_an_own_touchpoint(reader, keep, plan):
    keep(candidate("order_placed", like="order"), candidate("call"))
    one = candidate("order_placed")
    reader.become("viewer")
    owned = replace(plan.touchpoints[0], owners=("kim",))
    planning.change_touchpoints({"order"}, lambda _one: owned, by=None, now=timezone.now())
    assert 'name="add"' not in reader.get(URL).text
    assert reader.post(URL, {"add": one.key}).status_code == 403
    assert len(plans.current().plan.touchpoints[0].rules) == 1


def test_only_those_who_are_logged_in_see_it(client, keep):
    keep()
    assert client.get(URL).status_code == 302
    assert client.get(f"{URL}table.csv").status_code == 302


def test_a_search_a_channel_a_phase_and_an_order(reader, keep):
    keep(
        candidate("call", persons=10),
        candidate("chat", persons=20, channel="chat", phase=None),
        candidate("visit", persons=30, channel=None),
    )

    def shown(**query):
        return re.findall(r'name="name-\w+" id="[^"]+" value="(\w+)"', reader.get(URL, query).text)

    assert shown() == ["Visit", "Chat", "Call"]
    assert shown(sort="name") == ["Call", "Chat", "Visit"]
    assert shown(q="CHA") == ["Chat"]
    assert shown(channel="chat") == ["Chat"]
    assert shown(channel="-") == ["Visit"]
    assert shown(phase="-") == ["Chat"]
    assert shown(q="nothing") == []
    assert shown(sort="nonsense", page="²", show="x") == ["Visit", "Chat", "Call"]


def test_after_an_action_the_page_is_as_it_was_filtered(reader, keep):
    keep()
    answer = reader.post(f"{URL}?q=call&sort=name", {"leave": candidate("call").key})
    assert answer["Location"] == f"{URL}?q=call&sort=name"


def test_many_entries_come_in_pages(reader, keep):
    keep(*(candidate(f"call {at}", persons=1000 - at) for at in range(230)))
    page = reader.get(URL)
    assert page.text.count('name="pick"') == 100
    assert "page=3" in page.text
    last = reader.get(URL, {"page": "3"})
    assert last.text.count('name="pick"') == 30
    assert "Call 229" in last.text


def test_files_hold_what_the_page_shows(reader, keep):
    keep(candidate("call", hints=("rating",)), candidate("chat", channel="chat"))
    answer = reader.get(f"{URL}table.csv", {"channel": "phone"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][:7] == ["Call", "call", "phone", "Use", "800", "0.4", "1200"]
    assert rows[1][7:] == ["2025-01-01", "2026-01-01", "rating", ""]
    sheet = load_workbook(io.BytesIO(reader.get(f"{URL}table.xlsx").content)).active
    assert sheet.max_row == 3
    assert reader.get(f"{URL}table.exe").status_code == 404


def test_a_failed_run_is_shown_and_can_be_tried_again(reader, keep, plan):
    now = timezone.now()
    run = Discovery.objects.create(
        log_change=9,
        plan_version=1,
        basis=1,
        ignored=0,
        shape=steps.storing.shape(),
        noticed_at=now,
        due_at=now,
        dead_at=now,
        last_error="Traceback\nOSError: <b>gone</b>",
    )
    page = reader.get(URL)
    assert "could not be looked through" in page.text
    assert "OSError: &lt;b&gt;gone&lt;/b&gt;" in page.text
    assert reader.post(f"{URL}runs/{run.pk}/again/").status_code == 302
    run.refresh_from_db()
    assert run.dead_at is None
    reader.become("viewer")
    assert reader.post(f"{URL}runs/{run.pk}/again/").status_code == 403


def test_the_progress_part_says_when_there_is_something_newer(reader, keep):
    keep()
    old = reader.get(f"{URL}progress/", {"shown": "1"})
    assert "looked through again: show it" in old.text
    shown = f"{Discovery.objects.get().done_at.timestamp():.0f}"
    assert "show it" not in reader.get(f"{URL}progress/", {"shown": shown}).text


def test_hostile_events_are_only_text(reader, keep):
    base = {"time": timezone.now(), **dict.fromkeys(("rating", "scale", "value"))}
    rows = [
        {
            **base,
            "person": f"p{person}",
            "name": text,
            "properties": json.dumps({"campaign": other, text: text, "rating": 1}),
        }
        for person in range(8)
        for text in HOSTILE
        for other in HOSTILE
    ]
    record.append(
        events=pa.Table.from_pylist(rows, schema=EVENT_SCHEMA), traits=None, source="x", batch_key="x"
    )
    assert steps.discover_one(timezone.now())
    found = steps.storing.read(Discovery.objects.get(dead_at=None).payload)
    assert found.events == len(rows)
    for query in ({}, {"show": "technical"}, {"show": "like"}, {"q": HOSTILE[0], "channel": HOSTILE[1]}):
        text = reader.get(URL, query).text
        for bad in ("<script>alert", "<img src=x", "<!--<script>"):
            assert bad not in text
    rest = csv.reader(io.StringIO(reader.get(f"{URL}table.csv").content.decode("utf-8-sig")))
    assert not any(cell.startswith("=") for row in rest for cell in row)
    listed = [one for one in found.candidates if not one.technical][:90]
    sent = {"adopt": "", "pick": [one.key for one in listed]}
    page = reader.post(URL, sent, follow=True)
    assert page.status_code == 200
    assert len(plans.current().plan.touchpoints) == 1 + len(listed)
    rules = [rule for one in plans.current().plan.touchpoints for rule in one.rules]
    assert all(rule in rules for one in listed for rule in one.rules)


def test_a_rule_in_words_says_every_condition(reader, keep):
    one = candidate(
        rules=(
            BindingRule(
                "mail", (Condition("campaign", Operator.LIKE, "a*"), Condition("n", Operator.IS, 90.0))
            ),
        )
    )
    keep(one)
    assert "mail where campaign is like “a*” and n is 90" in reader.get(URL).text


def test_few_customers_are_not_shown_as_nobody(reader, keep):
    keep(candidate("rare", share=0.004))
    assert "(0.4%)" in reader.get(URL).text
    reader.become(language="de")
    assert "(0,4\u00a0%)" in reader.get(URL).text


def test_beyond_the_last_page_the_last_one_is_shown(reader, keep):
    keep(*(candidate(f"call {at}") for at in range(102)))
    page = reader.get(URL, {"page": "9"}).text
    assert page.count('class="wm-candidate"') == 2
    assert "There is nothing of this kind." not in page
    assert "There is nothing of this kind." in reader.get(URL, {"page": "9", "show": "like"}).text


def test_the_page_asks_the_database_few_questions(reader, keep, django_assert_max_num_queries):
    keep(*(candidate(f"call {at}") for at in range(100)))
    reader.get(URL)
    with django_assert_max_num_queries(14):
        reader.get(URL)
