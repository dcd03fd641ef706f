from pathlib import Path

import pytest


@pytest.fixture
def components(settings):
    """Put the page with all components at `/`."""
    settings.ROOT_URLCONF = "ui.urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
