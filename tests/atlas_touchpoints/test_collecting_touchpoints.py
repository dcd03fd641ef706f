"""Collecting: a pasted list is looked at, asked about where it has to be, and saved in one version."""

from __future__ import annotations

import re
from html import unescape

import pytest

from wegmarke.atlas.touchpoints import saving
from wegmarke.plan import queries as plans
from wegmarke.plan import services
from wegmarke.plan.contracts import Plan, Status, Text, Touchpoint

pytestmark = pytest.mark.django_db

COLLECT = "/map/touchpoints/-/collect/"
ADD = "/map/touchpoints/-/add/"
FIFTY = "\n".join(f"{n}. Touchpoint Nummer {n}" for n in range(1, 51))


def look(client, text, **more):
    answer = client.post(COLLECT, {"text": text, "do": "preview", **more})
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(page):
    """Return the fields of the page as a browser would send them."""
    fields = dict(re.findall(r'<input type="hidden" name="(seen)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select [^>]*name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        fields[unescape(name)] = unescape(re.search(r'<option value="([^"]*)" selected', body)[1])
    return fields


def save(client, text, **changed):
    page = look(client, text, **{name: value for name, value in changed.items() if name == "live"})
    return client.post(COLLECT, {"text": text, "do": "save", **form_of(page), **changed})


def test_fifty_lines_are_fifty_touchpoints_in_one_version(editor, now_planned):
    answer = save(editor, FIFTY)
    assert answer["Location"] == "/map/touchpoints/?saved=1"
    assert len(now_planned().touchpoints) == 50
    assert {one.status for one in now_planned().touchpoints} == {Status.IDEA}
    assert plans.current().comment == "50 touchpoints collected"
    assert plans.current().saved_by == "kim"


def test_they_can_be_live_at_once(editor, now_planned):
    save(editor, "Anruf", live="1")
    assert now_planned().touchpoints[0].status is Status.LIVE


def test_nothing_is_saved_before_it_was_looked_at(editor):
    answer = editor.post(COLLECT, {"text": FIFTY, "do": "save"})
    assert answer.status_code == 200
    assert plans.current() is None


def test_a_text_changed_after_looking_is_looked_at_again(editor):
    fields = form_of(look(editor, "Anruf"))
    answer = editor.post(COLLECT, {"text": "Anruf\nMail", "do": "save", **fields})
    assert answer.status_code == 200
    assert plans.current() is None


def test_duplicates_are_pointed_out_and_skipped_unless_chosen(company, editor, now_planned):
    company()
    text = "Verkostungen\nVerkostug\nReparatur\nNeu\nneu"
    page = look(editor, text)
    assert "“Tasting” is in the plan." in page
    assert "Similar to “Tasting”." in page
    assert "The same as line 4, “Neu”." in page
    save(editor, text)
    assert [one.key for one in now_planned().touchpoints[7:]] == ["verkostug", "neu"]
    save(editor, "Reparatur", **{"line:1": "add"})
    assert now_planned().touchpoints[-1].key == "reparatur"


def test_a_line_that_is_the_same_fills_what_the_other_does_not_say(company, editor, now_planned):
    company()
    save(editor, "Reparatur ; Telefon ; Nutzung ; alex", **{"line:1": "same:repair"})
    repair = now_planned().touchpoint("repair")
    assert (repair.channel, repair.owners, repair.phases) == ("Telefon", ("alex",), ("purchase",))
    assert len(now_planned().touchpoints) == 7


def test_unknown_phases_are_asked_about(company, editor, now_planned):
    company()
    page = look(editor, "Messe ; event ; Abwägung")
    assert 'name="answer:phases:Abwägung"' in page
    save(editor, "Messe ; event ; Abwägung", **{"answer:phases:Abwägung": "use"})
    assert now_planned().touchpoints[-1].phases == ("use",)


def test_an_answer_that_is_missing_is_asked_for_before_saving(company, editor, now_planned):
    company()
    fields = form_of(look(editor, "Messe ; event ; Abwägung"))
    fields.pop("answer:phases:Abwägung")
    answer = editor.post(COLLECT, {"text": "Messe ; event ; Abwägung", "do": "save", **fields})
    assert answer.status_code == 200
    assert len(now_planned().touchpoints) == 7


def test_the_same_paste_again_changes_nothing(editor, now_planned):
    save(editor, FIFTY)
    page = look(editor, FIFTY)
    assert "50 skipped" in page
    assert 'value="save"' not in page
    assert len(now_planned().touchpoints) == 50


def test_an_empty_text_says_so(editor):
    assert "There is nothing to read here." in look(editor, "\n - \n")


def test_a_plan_changed_after_looking_is_looked_at_again(editor, saved, now_planned):
    fields = form_of(look(editor, "Anruf"))
    saved(Plan(Text("", "Shop"), touchpoints=(Touchpoint("call", Text("Anruf", "Call")),)))
    answer = editor.post(COLLECT, {"text": "Anruf", "do": "save", **fields})
    assert "Somebody changed the plan since this was shown." in answer.content.decode()
    assert "1 skipped" in answer.content.decode()
    assert len(now_planned().touchpoints) == 1


def test_a_change_at_the_same_moment_is_said_and_nothing_is_lost(company, editor, monkeypatch, now_planned):
    company()

    def changed(*_args, **_kwargs):
        raise services.PlanChangedError

    monkeypatch.setattr(saving.services, "save", changed)
    answer = save(editor, "Neu")
    assert answer.status_code == 200
    assert "Somebody changed the plan" in answer.content.decode()
    assert "Neu</textarea>" in answer.content.decode()
    assert len(now_planned().touchpoints) == 7


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ settings.SECRET_KEY }}",
        "a ; b ; </textarea><script>x",
    ],
)
def test_hostile_lines_are_only_text(editor, text, now_planned):
    page = look(editor, text)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "</textarea><script>" not in page
    save(editor, text)
    assert len(now_planned().touchpoints) == 1


def test_thousands_of_lines_are_saved_and_the_page_stays_small(editor, now_planned):
    text = "\n".join(f"Touchpoint {n}" for n in range(3000))
    page = look(editor, text)
    assert "3,000 new touchpoints" in page
    assert "And 2600 more lines" in page.replace(",", "")
    assert len(page) < 500_000
    save(editor, text)
    assert len(now_planned().touchpoints) == 3000


def test_more_duplicates_than_a_form_can_ask_about_are_still_decided(editor, now_planned):
    text = "\n".join(f"Touchpoint {n}" for n in range(1200))
    save(editor, text)
    page = look(editor, text + "\nNeu")
    assert page.count('name="line:') == 300
    save(editor, text + "\nNeu")
    assert len(now_planned().touchpoints) == 1201


def test_one_is_added_by_its_name(company, editor, now_planned):
    company()
    answer = editor.post(ADD, {"name": "Messestand"}, follow=True)
    assert now_planned().touchpoints[-1].status is Status.IDEA
    assert "“Messestand” was added as an idea." in answer.content.decode()
    assert re.search(r'id="quick-name"[^>]* autofocus', answer.content.decode())


def test_one_that_is_there_already_is_named(company, editor, now_planned):
    company()
    answer = editor.post(ADD, {"name": "reparaturen"}, follow=True)
    assert "“Repair” is there already." in answer.content.decode()
    assert len(now_planned().touchpoints) == 7


def test_one_that_is_similar_is_added_and_said_so(company, editor, now_planned):
    company()
    answer = editor.post(ADD, {"name": "Verkostug"}, follow=True)
    assert "It is similar to “Tasting”." in answer.content.decode()
    assert len(now_planned().touchpoints) == 8


def test_one_with_a_phase_nobody_knows_gets_a_look(company, editor, now_planned):
    company()
    answer = editor.post(ADD, {"name": "Messe ; event ; Abwägung"}, follow=True)
    assert "Messe ; event ; Abwägung</textarea>" in answer.content.decode()
    assert len(now_planned().touchpoints) == 7


def test_an_empty_name_adds_nothing(company, editor, now_planned):
    company()
    assert "Please type the name" in editor.post(ADD, {"name": " - "}, follow=True).content.decode()
    assert len(now_planned().touchpoints) == 7


def test_a_collection_is_undone_where_nothing_came_after(editor, now_planned):
    save(editor, FIFTY)
    answer = editor.post("/map/touchpoints/-/undo/1/", follow=True)
    assert "The change was taken back." in answer.content.decode()
    assert now_planned().touchpoints == ()


def test_undoing_is_refused_with_the_reason_where_something_came_after(editor, now_planned):
    save(editor, "Anruf")
    save(editor, "Mail")
    answer = editor.post("/map/touchpoints/-/undo/1/", follow=True)
    assert "kim has changed the plan since (version 2)." in answer.content.decode()
    assert len(now_planned().touchpoints) == 2


@pytest.mark.parametrize("lines", [5, 60])
def test_looking_asks_the_database_as_often_for_many_as_for_few(
    company, editor, django_assert_num_queries, lines
):
    company()
    text = "\n".join(f"Touchpoint {n}" for n in range(lines))
    look(editor, text)
    with django_assert_num_queries(5):  # session, account, version of the plan, newest figures, their plan
        look(editor, text)


HEADED = "Nutzung:\nPaket; Post\nKauf:\nWarenkorb; Web\nWahrnehmung:\nAnzeige; Web\n"


def names_of(plan):
    return [phase.name.de for phase in plan.phases]


def test_headings_become_the_phases_of_a_model_in_its_order_with_its_words_and_goals(editor, now_planned):
    save(editor, HEADED)
    found = now_planned()
    assert names_of(found) == ["Wahrnehmung", "Kauf", "Nutzung"]
    assert [phase.name.en for phase in found.phases] == ["Perception", "Purchase", "Use"]
    assert all(phase.goal.de and phase.goal.en for phase in found.phases)
    assert [found.journeys[0].place_of(one).name.de for one in found.touchpoints] == [
        *("Nutzung", "Kauf", "Wahrnehmung"),
    ]


def test_phases_no_model_knows_keep_the_order_of_the_lines(editor, now_planned):
    save(editor, HEADED.replace("Kauf:", "Anprobe:"))
    assert names_of(now_planned()) == ["Nutzung", "Anprobe", "Wahrnehmung"]


def test_new_words_need_no_answer_and_words_that_may_mean_others_do(editor):
    page = look(editor, HEADED)
    summary = re.search(r"<details class=\"card-body wm-tp-questions\"><summary>(.*?)</summary>", page)[1]
    assert (
        re.sub(r"<[^>]+>", "", summary)
        == "New in the plan: Phases: Nutzung, Kauf, Wahrnehmung · Channel: Post, Web"
    )
    save(editor, HEADED)
    page = look(editor, "Verkauf:\nKasse; Webb")
    assert "<details" not in page.partition("wm-tp-questions")[0].rpartition("wm-tp-preview")[2]
    assert "Words the plan does not know" in page


def test_whether_they_exist_already_is_asked_beside_saving(editor):
    assert look(editor, "Anruf").count('name="live"') == 1
    head = look(editor, "Anruf", live="1").partition("wm-tp-preview-head")[2].partition("</div>")[0]
    assert re.search(r'name="live" value="1" checked', head)
