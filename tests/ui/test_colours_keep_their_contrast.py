"""The tokens hold what the style sheet promises about contrast and about the colour blind."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

SHEET = (settings.ROOT / "ui/static/ui/wegmarke.css").read_text(encoding="utf-8")
GROUNDS = {"light": ("#ffffff", "#fafafa"), "dark": ("#262626", "#171717")}


def tokens(theme: str) -> dict[str, str]:
    selector = {"light": ":root {", "dark": '[data-bs-theme="dark"] {'}[theme]
    block = SHEET.partition(selector)[2].partition("}")[0]
    found = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{3,6});", block))
    assert len(found) > 15
    return found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * d for d in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mark_of_a_chart_stands_out_three_to_one(theme):
    marks = {
        name: value for name, value in tokens(theme).items() if re.fullmatch(r"--wm-chart-(\d|axis)", name)
    }
    assert len(marks) == 9
    for ground in GROUNDS[theme]:
        assert {name: c for name, v in marks.items() if (c := contrast(v, ground)) < 3} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_of_words_stands_out_as_aa_asks(theme):
    all_tokens = tokens(theme)
    for name in (
        "--wm-good",
        "--wm-bad",
        "--wm-neutral",
        "--wm-chart-text",
        "--tblr-primary",
        "--tblr-link-color",
    ):
        for ground in GROUNDS[theme]:
            assert contrast(all_tokens[name], ground) >= 4.5, name
    assert contrast(all_tokens["--tblr-primary"], all_tokens["--tblr-primary-fg"]) >= 4.5


def test_both_themes_name_the_same_chart_tokens():
    light, dark = ({name for name in tokens(theme) if name.startswith("--wm")} for theme in ("light", "dark"))
    assert light == dark
