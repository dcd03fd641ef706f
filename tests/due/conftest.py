"""A kind of due work that exists in these tests only, in a table of its own."""

from __future__ import annotations

import pytest
from django.db import connection
from errand import Errand


@pytest.fixture
def errands(transactional_db):
    """Return the errands; the table exists during the test."""
    with connection.schema_editor() as editor:
        editor.create_model(Errand)
    yield Errand.objects
    with connection.schema_editor() as editor:
        editor.delete_model(Errand)
