"""A phase ends before its last day: neighbours share no day, and half days stay half."""

import pytest
from django.utils import translation

from wegmarke.atlas.phase_days import days


@pytest.mark.parametrize(
    ("begins", "ends", "english", "german"),
    [
        (0, 90, "day 0 to 89", "Tag 0 bis 89"),
        (90, 365.0, "day 90 to 364", "Tag 90 bis 364"),
        (0, 1, "day 0", "Tag 0"),
        (0, 0.5, "day 0 to 0.5", "Tag 0 bis 0,5"),
        (0.25, 7, "day 0.25 to 7", "Tag 0,25 bis 7"),
        (-30, 0, "day −30 to −1", "Tag −30 bis −1"),  # noqa: RUF001
        (1000, None, "from day 1,000", "ab Tag 1.000"),
        (None, 90, "before day 90", "vor Tag 90"),
        (None, None, "", ""),
    ],
)
def test_the_days_of_a_phase_are_those_that_belong_to_it(begins, ends, english, german):
    for language, said in (("en", english), ("de", german)):
        with translation.override(language):
            assert days(begins, ends) == said
