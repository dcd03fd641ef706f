"""What a test leaves behind in its process does not reach the next one."""

import pytest
from django.utils import translation


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_test_starts_in_english_whatever_the_last_one_spoke(language):
    assert translation.get_language() == "en"
    translation.activate(language)
