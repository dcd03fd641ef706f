"""The map as a file: one A3 sheet as PDF, a picture as PNG, an SVG that carries its own look; the table."""

from __future__ import annotations

import csv
import re
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.contrib.staticfiles import finders

from support.insights import analysis
from wegmarke.atlas.journeymap import svg as drawing

pytestmark = pytest.mark.django_db


def sent(log_in, figures, name: str, language: str = "de") -> bytes:
    figures(analysis())
    answer = log_in(language=language).get(f"/map/{name}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


def test_the_pdf_is_one_sheet_of_a3_landscape_with_real_letters(log_in, figures):
    body = sent(log_in, figures, "file.pdf")
    assert body.startswith(b"%PDF-1.")
    boxes = re.findall(rb"/MediaBox ?\[([^\]]+)\]", body)
    assert len(boxes) == 1
    _, _, width, height = (float(number) for number in boxes[0].split())
    assert (width, height) == pytest.approx((420 / 25.4 * 72, 297 / 25.4 * 72), abs=0.5)
    assert b"Inter" in body


def test_the_png_is_as_sharp_as_print_needs(log_in, figures):
    body = sent(log_in, figures, "file.png")
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", body[16:24])
    assert width > 3300
    assert width / height == pytest.approx(420 / 297, rel=0.01)


def test_the_svg_stands_alone(log_in, figures):
    root = ET.fromstring(sent(log_in, figures, "file.svg"))  # noqa: S314 - our own file
    names = {one.get("class") for one in root.iter() if one.get("class")}
    style = next(one.text for one in root.iter() if one.tag.endswith("style"))
    assert names
    assert [name for name in names if f".{name}{{" not in style] == []
    texts = [one for one in root.iter() if one.tag.endswith("}text")]
    assert all(float(one.get("textLength")) > 0 for one in texts)
    assert not [one for one in root.iter() if one.tag.endswith("}a")]


def test_everything_has_a_look_on_the_page_and_in_files():
    css = Path(finders.find("atlas/journeymap.css")).read_text(encoding="utf-8")
    looks = set(re.findall(r"\.(m-[a-z-]+)\s*\{", drawing.STYLE))
    assert looks
    assert looks == set(re.findall(r"\.(m-[a-z-]+)\s*\{", css))


def test_the_table_holds_the_same_figures(log_in, figures):
    text = sent(log_in, figures, "table.csv").decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Nr.,Touchpoint,Phase")
    row = next(line for line in text.splitlines() if "Bezahlen" in line)
    assert "bricht ab" in row
    assert sent.__name__


def test_the_table_says_where_touches_happen_with_share_interval_and_n(log_in, figures):
    lines = sent(log_in, figures, "table.csv").decode("utf-8-sig").splitlines()
    row = next(row for row in csv.DictReader(lines) if row["Touchpoint"] == "Reparatur")
    assert (row["Geschieht meist in"], row["Berührungen"]) == ("Nutzung", "1000")
    shares = [float(value) for name, value in row.items() if name.startswith("Wie geplant")]
    assert shares == pytest.approx([0.1, 0.07, 0.13])


def test_unknown_files_are_not_found(log_in, figures):
    figures(analysis())
    client = log_in()
    assert client.get("/map/file.exe").status_code == 404
    assert client.get("/map/table.pdf").status_code == 404
