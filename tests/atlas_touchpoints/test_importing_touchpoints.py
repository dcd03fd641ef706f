"""Importing: columns are guessed, rows are judged with their lines, the same file again changes nothing."""

from __future__ import annotations

import io
import os
import re
import time
import uuid
import zipfile
from dataclasses import replace
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.inventory import plan
from wegmarke.atlas.touchpoints import importing_views, uploads
from wegmarke.plan import documents
from wegmarke.plan import queries as plans
from wegmarke.plan.contracts import Measure, Metric, Nature, Promise, Status, Step, Text, Worth

pytestmark = pytest.mark.django_db

IMPORT = "/map/touchpoints/-/import/"
GERMAN = (
    "Touchpoint;Kanal;Phase;Verantwortlich;Häufigkeit;Kosten;Minuten;Status;Zweck\n"
    "Messestand;event;Kauf;kim;0,5;1.250,00 €;45;aktiv;Leute kennenlernen\n"
    "\n"
    "Reparatur;phone;Nutzung;alex, kim;;;12;Idee;\n"
    ";web;;;;;;;\n"
    "Rückruf;phone;Abwägung;;viel;;;;\n"
)


def upload(client, content, name="list.csv"):
    if isinstance(content, str):
        content = content.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def checked(client, content, name="list.csv"):
    """Upload a file; return the address and the text of the page that shows what becomes of it."""
    answer = upload(client, content, name)
    assert answer.status_code == 302, answer.content.decode()
    address = answer["Location"]
    return address, client.get(address).content.decode()


def form_of(page):
    fields = dict(re.findall(r'<input type="hidden" name="(seen)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select [^>]*name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        fields[unescape(name)] = unescape(re.search(r'<option value="([^"]*)" selected', body)[1])
    return fields


def put(client, content, name="list.csv", **changed):
    """Upload a file, answer as proposed, save."""
    address, page = checked(client, content, name)
    return client.post(address, {"do": "save", **form_of(page), **changed})


def as_xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_german_headings_are_understood_and_rows_are_judged(company, editor, now_planned):
    company()
    _address, page = checked(editor, GERMAN)
    fields = form_of(page)
    assert [fields[f"column-{n}"] for n in range(9)] == [
        *("name", "channel", "phases", "owners", "per_quarter", "cost", "minutes", "status", "purpose")
    ]
    assert "1 new touchpoint, 1 changed, 2 lines that cannot be used" in page
    assert re.search(r"row-problem.*?>5</td>.*?A name is missing", page, re.DOTALL)
    assert re.search(r"row-problem.*?>6</td>.*?“viel” is no number", page, re.DOTALL)
    answer = put(editor, GERMAN)
    assert answer["Location"] == "/map/touchpoints/?saved=2"
    stand = now_planned().touchpoint("messestand")
    assert (stand.phases, stand.cost, stand.per_quarter, stand.status) == (
        ("purchase",),
        1250,
        0.5,
        Status.LIVE,
    )
    assert now_planned().touchpoint("repair").owners == ("alex, kim",)
    assert plans.current().comment == "2 touchpoints from list.csv"


def test_the_same_file_again_changes_nothing(company, editor):
    company()
    put(editor, GERMAN)
    _address, page = checked(editor, GERMAN)
    assert "2 the same as before" in page
    assert 'value="save"' not in page
    assert plans.current().version == 2


def test_our_own_files_come_back_unchanged(company, editor):
    base = plan()
    first, *rest = base.touchpoints
    phases = (replace(base.phases[0], steps=(Step("cart", Text("Korb", "Cart")),)), *base.phases[1:])
    rich = replace(
        first,
        name=Text("=Summe", "=Sum;+1"),
        owners=("kim", "alex"),
        phases=("purchase", "cart"),
        cost=1.5,
        per_quarter=1234.5,
        minutes=12,
        metric=Metric(Measure.BAD_SHARE, 0.05),
        nature=Nature.DIGITAL,
        worth=Worth.ADMINISTRATIVE,
        planned=False,
        promises=("quick",),
        purpose=Text("Zum Kauf", "To buy"),
        notes=Text("Zeile 1\nZeile 2", "Zeile 1\nZeile 2"),
    )
    company(
        touchpoints=(rich, *rest),
        journeys=(replace(base.journeys[0], phases=phases),),
        promises=(Promise("quick", Text("Schnelle Hilfe", "Quick help")),),
    )
    for ending in ("csv", "xlsx"):
        content = editor.get(f"/map/touchpoints/-/table.{ending}").content
        _address, page = checked(editor, content, f"list.{ending}")
        assert "7 the same as before" in page, page
    editor.user.language = "de"
    editor.user.save()
    content = editor.get("/map/touchpoints/-/table.xlsx").content
    assert 'value="save"' not in checked(editor, content, "list.xlsx")[1]


def test_unknown_words_are_asked_about(company, editor, now_planned):
    company()
    text = "Name,Phase,Status,Channel\nMesse,Abwägung,halb fertig,Messehalle\n"
    _address, page = checked(editor, text)
    for question in ("phases:Abwägung", "status:halb fertig", "channel:Messehalle"):
        assert f'name="answer:{question}"' in page
    put(editor, text, **{"answer:status:halb fertig": "paused", "answer:phases:Abwägung": "+"})
    new = now_planned().touchpoints[-1]
    assert (new.phases, new.status, new.channel) == (("abwaegung",), Status.PAUSED, "Messehalle")
    assert now_planned().phases[-1].name == Text("Abwägung", "Abwägung")


def test_columns_can_be_mapped_otherwise(company, editor, now_planned):
    company()
    address, page = checked(editor, "Foo,Bar\nweb,Messe\n")
    assert form_of(page)["column-0"] == "name"
    looked = editor.post(
        address, {**form_of(page), "column-0": "channel", "column-1": "name", "do": "preview"}
    )
    fields = form_of(looked.content.decode())
    assert (fields["column-0"], fields["column-1"]) == ("channel", "name")
    editor.post(address, {**fields, "do": "save"})
    assert (now_planned().touchpoints[-1].key, now_planned().touchpoints[-1].channel) == ("messe", "web")


def test_another_mapping_is_looked_at_before_it_is_saved(company, editor, now_planned):
    company()
    address, page = checked(editor, "Foo,Bar\nweb,Messe\n")
    answer = editor.post(address, {**form_of(page), "column-0": "channel", "column-1": "name", "do": "save"})
    assert answer.status_code == 200
    assert len(now_planned().touchpoints) == 7


def test_without_a_column_of_names_the_page_says_so(company, editor):
    company()
    address, page = checked(editor, "Foo,Bar\nweb,Messe\n")
    answer = editor.post(address, {**form_of(page), "column-0": "", "do": "preview"})
    assert "Please choose the column with the names" in answer.content.decode()


def test_a_column_chosen_twice_is_said(company, editor):
    company()
    address, page = checked(editor, "Foo,Bar\nweb,Messe\n")
    answer = editor.post(address, {**form_of(page), "column-1": "name", "do": "preview"})
    assert "Chosen for several columns: Name" in answer.content.decode()


def test_excel_files_are_read(company, editor, now_planned):
    company()
    put(editor, as_xlsx([["Name", "Kosten"], ["Messe", 12.5], [None, None], ["Zelt", 3]]), "list.xlsx")
    assert [(one.key, one.cost) for one in now_planned().touchpoints[7:]] == [("messe", 12.5), ("zelt", 3)]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_files_of_spreadsheets_are_read_in_their_encodings(company, editor, now_planned, encoding):
    company()
    put(editor, "Name;Abteilung\nRückruf;Büro\n".encode(encoding))
    assert (now_planned().touchpoints[-1].key, now_planned().touchpoints[-1].department) == (
        "rueckruf",
        "Büro",
    )


def test_lines_with_another_number_of_cells_are_problems_with_their_line(company, editor):
    company()
    _address, page = checked(editor, "Name,Channel\nMesse,web\nZelt,web,zu,viel\n")
    assert re.search(r"row-problem.*?>3</td>.*?another number of cells", page, re.DOTALL)


def test_a_yaml_list_merges_by_key_and_leaves_what_it_does_not_say(company, editor, now_planned):
    company()
    text = (
        "- {key: repair, name: {de: Reparatur, en: Repair}, channel: phone}\n"
        "- {key: fair, name: Messe, phases: [use]}\n"
    )
    put(editor, text, "list.yaml")
    assert (now_planned().touchpoint("repair").channel, now_planned().touchpoint("repair").phases) == (
        "phone",
        ("purchase",),
    )
    assert now_planned().touchpoint("fair").status is Status.IDEA
    assert "2 the same as before" in checked(editor, text, "list.yaml")[1]


def test_of_a_whole_plan_the_touchpoints_are_taken_and_its_phases_asked_about(company, editor, now_planned):
    company()
    text = (
        "name: Other\nphases:\n  - {key: advice, name: {de: Beratung, en: Advice}}\n"
        "touchpoints:\n  - {key: talk, name: Gespräch, phases: [advice], events: [Talked]}\n"
    )
    _address, page = checked(editor, text, "plan.yml")
    assert "This is a whole plan." in page
    assert 'name="answer:phases:advice"' in page
    put(editor, text, "plan.yml")
    assert now_planned().touchpoint("talk").phases == ("advice",)
    assert now_planned().phases[-1].name == Text("Beratung", "Advice")
    assert now_planned().name == plan().name


def test_our_own_plan_comes_back_unchanged(company, editor):
    found = company()
    _address, page = checked(editor, documents.dump(found), "plan.yaml")
    assert "7 the same as before" in page


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("- {key: a}\n", "a.yaml", "a.yaml:1:3: “name” is missing."),
        ("- {key: a, name: A, foo: 1}\n", "a.yaml", "“foo” is not known here"),
        ("- [\n", "a.yaml", "This is no valid YAML"),
        ("a: &x [*x]\n", "a.yaml", "Aliases"),
        ("", "a.csv", "the file is empty"),
        ("x", "a.exe", "this kind of file cannot be read"),
        ("<?xml version='1.0'?><log/>", "a.csv", ""),
        ("PK\x03\x04broken", "a.xlsx", "damaged"),
        ('{"a": 1}', "a.csv", "JSON"),
        ('Name,b\n"never closed,x\n', "a.csv", "never closed"),
        (",".join(f"c{n}" for n in range(101)) + "\n", "a.csv", "more than 100 columns"),
        ("Name\n" + "x\n" * 70_001, "a.csv", "more than 70000 rows"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_the_reason(company, editor, content, name, said):
    company()
    answer = upload(editor, content, name)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert said in text.replace("&quot;", '"')
    assert list(uploads.folder().glob("*")) == []


def test_a_zip_bomb_is_refused(company, editor):
    company()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert "zip bomb" in upload(editor, out.getvalue(), "a.xlsx").content.decode()


def test_a_file_that_is_too_large_is_refused(company, editor, monkeypatch):
    company()
    monkeypatch.setattr(importing_views, "MOST_BYTES", 100)
    assert upload(editor, "Name\n" + "x\n" * 100).status_code == 413
    monkeypatch.setattr(importing_views, "FORM_BYTES", 0)
    assert upload(editor, "Name\n" + "x\n" * 100).status_code == 413


def test_no_file_says_so(company, editor):
    company()
    assert "Please choose a file." in editor.post(IMPORT, {}).content.decode()


def test_an_upload_belongs_to_who_made_it_and_is_forgotten(company, log_in, client):
    company()
    address, _page = checked(log_in(), "Name\nMesse\n")
    other = log_in(name="alex")
    assert other.get(address).status_code == 404
    assert other.get(f"{IMPORT}{uuid.uuid4()}/").status_code == 404


def test_old_uploads_are_removed(company, editor):
    company()
    checked(editor, "Name\nMesse\n")
    (old,) = uploads.folder().glob("*.json")
    os.utime(old, (0, time.time() - uploads.KEPT_SECONDS - 1))
    checked(editor, "Name\nZelt\n")
    assert not old.exists()


def test_of_a_saved_upload_nothing_is_kept_and_a_second_click_leads_to_where_it_was_saved(company, editor):
    company()
    address, page = checked(editor, "Name\nMesse\n")
    for _click in range(2):
        answer = editor.post(address, {"do": "save", **form_of(page)})
        assert answer["Location"] == "/map/touchpoints/?saved=2"
    (kept,) = uploads.folder().glob("*")
    assert "Messe" not in kept.read_text(encoding="utf-8")
    assert plans.current().version == 2


def test_nothing_is_saved_that_was_not_shown_because_the_plan_has_changed(company, editor, saved):
    base = company()
    address, page = checked(editor, "Name;Kanal\nRepair;phone\n")
    renamed = tuple(replace(one, notes=Text("Neu", "New")) for one in base.touchpoints)
    saved(replace(base, touchpoints=renamed))
    answer = editor.post(address, {"do": "save", **form_of(page)})
    assert "Somebody changed the plan since this was shown." in answer.content.decode()
    assert plans.current().version == 2
    again = editor.post(address, {"do": "save", **form_of(answer.content.decode())})
    assert again["Location"] == "/map/touchpoints/?saved=3"


def test_long_texts_come_whole_and_too_long_ones_are_refused(company, editor, now_planned):
    company()
    put(editor, f"Name;Notizen\nMesse;{'x' * 20_000}\n")
    assert now_planned().touchpoint("messe").notes.en == "x" * 20_000
    _address, page = checked(editor, f"Name;Notizen\nZelt;{'x' * 20_001}\n")
    assert "This text has more than 20000 characters (Notes)." in page


def test_a_target_that_cannot_be_is_a_problem_of_its_line(company, editor, now_planned):
    company()
    content = "Name;Measure;Target\nMesse;Net experience;150\nZelt;Net experience;40 %\n"
    _address, page = checked(editor, content)
    assert "“150” cannot be a target of “Net experience”" in page
    put(editor, content)
    assert now_planned().touchpoint("zelt").metric.target == 0.4


@pytest.mark.parametrize("answer", ["bogus", "+", "live\n"])
def test_an_answer_nobody_was_offered_counts_as_the_one_proposed(company, editor, now_planned, answer):
    company()
    put(editor, "Name;Status\nMesse;whatever\n", **{"answer:status:whatever": answer})
    assert now_planned().touchpoint("messe").status is Status.IDEA


@pytest.mark.parametrize("rows", [5, 60])
def test_looking_asks_the_database_as_often_for_many_as_for_few(
    company, editor, django_assert_num_queries, rows
):
    company()
    address, _page = checked(editor, "Name,Phase\n" + "".join(f"T{n},Kauf\n" for n in range(rows)))
    with django_assert_num_queries(5):  # session, account, version of the plan, newest figures, their plan
        editor.get(address)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.csv", "../../x.csv", "\u202egnp.csv"])
def test_hostile_files_are_only_text(company, editor, name):
    company()
    _address, page = checked(
        editor, "Name,<img src=x onerror=alert(1)>\n</td><script>alert(1)</script>,{{ x }}\n", name
    )
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page


def test_more_unknown_words_than_a_form_can_ask_about_are_still_decided(company, editor, now_planned):
    company()
    content = "Name,Channel\n" + "".join(f"T{n},channel of {n}\n" for n in range(400))
    _address, page = checked(editor, content)
    assert page.count('name="answer:channel:') == 200
    assert "And 200 more words" in page
    assert put(editor, content).status_code == 302
    assert now_planned().touchpoints[-1].channel == "channel of 399"
