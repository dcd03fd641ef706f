from pathlib import Path

import pytest


@pytest.fixture
def components(settings):
    """Put the page with all components at `/`."""
    settings.ROOT_URLCONF = "ui.urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]


@pytest.fixture
def signed_in_page(signed_in_page):
    """Begin on the first page."""
    signed_in_page.goto("/")
    return signed_in_page
