"""The event API answers as its OpenAPI document says, whatever Schemathesis makes of that document.

Each operation is asked with bodies that fit the document and with bodies that do not. More of the same:
`simulations/ask_by_document.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from support.documented import answer_of
from support.event_api import ask, basic
from wegmarke.capture.inbox import InboxBatch
from wegmarke.capture.receiving import http, openapi

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = json.loads(openapi.document(tuple(http.PATHS.items())))
OPERATIONS = {
    one.ok().label: one.ok() for one in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
}
ASKED = [
    (label, mode)
    for label, one in OPERATIONS.items()
    for mode in schemathesis.GenerationMode
    if one.method == "post" or mode is schemathesis.GenerationMode.POSITIVE  # nothing is wrong about a GET
]
EXAMPLES = 20


def test_the_document_is_served_to_anybody(api):
    status, body, _headers = ask(api, method="GET", path="/v1/openapi.json")
    assert (status, body) == (200, DOCUMENT)
    assert ask(api, method="POST", path="/v1/openapi.json")[0] == 405


def test_the_document_lists_every_path_that_takes_events():
    taking = {path for path, methods in DOCUMENT["paths"].items() if "post" in methods}
    assert taking == set(http.PATHS)


def test_every_code_in_the_source_of_the_api_is_in_the_document():
    answered = set(re.findall(r"(?:_refusal|_later|_said|Answer)\((\d{3})", Path(http.__file__).read_text()))
    operations = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert answered == {code for one in operations for code in one["responses"]}


@pytest.mark.parametrize(("label", "mode"), ASKED, ids=lambda one: getattr(one, "value", one))
def test_each_operation_answers_as_the_document_says(api, server_key, label, mode):
    operation = OPERATIONS[label]
    answers = set()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case):
        answers.add(answer_of(api, case, authorization=basic(server_key)))

    asked()
    assert answers
    if label == "POST /v1/batch" and mode is schemathesis.GenerationMode.POSITIVE:
        assert 200 in answers
        assert InboxBatch.objects.exists()
