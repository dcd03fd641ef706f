"""The page of a source with estimated visitors, in every look."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone

from support.axe import violations
from support.looks import EVERY_LOOK
from wegmarke.capture.inbox import SourceDay
from wegmarke.capture.visitors.models import VisitorDay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_page_is_sound_in_every_look(signed_in_page, source, look):
    today = timezone.now().date()
    SourceDay.objects.create(source_id=source, day=today, received=12_345, moved=12_000, declined=345)
    VisitorDay.objects.create(source_id=source, day=today, visitors=12_345)
    page = signed_in_page
    page.goto(f"/settings/sources/{source}/")
    pictures = os.environ.get("WEGMARKE_PICTURES")
    if pictures:
        Path(pictures).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{pictures}/source-{look}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= look.width
