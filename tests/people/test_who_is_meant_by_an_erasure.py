"""What belongs to a person who is erased, in messages nobody could read and in running text."""

from __future__ import annotations

import re
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.utils import timezone

from wegmarke.capture.erasing import said_before, without
from wegmarke.capture.inbox import RefusedEvent
from wegmarke.capture.naming import named
from wegmarke.people.erasure.contracts import Erasing

NOW = timezone.now()


def erasing(*identifiers: str) -> Erasing:
    return Erasing("", identifiers, NOW, NOW)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna@example.com", True),
        ("K-1;anna@example.com;2026", True),
        ("She wrote “anna@example.com”.", True),
        ("joanna@example.com", False),
        ("eva.anna@example.com", False),
        ("anna@example.community", False),
        ("12", False),
    ],
)
def test_an_id_in_running_text_is_a_word_of_its_own(text, found):
    pattern = erasing("anna@example.com", "12").pattern
    assert bool(re.search(pattern, text)) is found
    assert pc.match_substring_regex(pa.array([text]), pattern)[0].as_py() is found


def test_short_ids_alone_find_nothing_in_running_text():
    assert not re.search(erasing("7").pattern, "7 apples")
    assert not re.search(erasing("7").pattern, "")


def test_ids_are_found_in_what_no_decoder_takes():
    content = b'{"userId": "a\\u00e4", "anonymousId" :7, "previousId":"old", "x": NaN, "event": {'
    assert named(content) == {"aä", "~a:7", "~a:old", "old"}
    assert named(b'{"userId": "cut o') == frozenset()


def test_a_message_says_when_it_was_stamped_or_counts_as_old():
    old = f'{{"timestamp": "{(NOW - timedelta(days=1)).isoformat()}"}}'.encode()
    new = f'{{"timestamp": "{(NOW + timedelta(days=1)).isoformat()}"}}'.encode()
    assert said_before(old, NOW)
    assert not said_before(new, NOW)
    assert said_before(b'{"timestamp": "yesterday"}', NOW)
    assert said_before(b"{}", NOW)


def test_of_a_whole_body_only_the_events_of_the_person_go():
    stamp = b'"sentAt":"2026-03-01T12:00:00Z"'
    body = b"{" + stamp + b',"batch":[{"userId":"anna","v":NaN},{"userId":"ben"},{"userId":"cy"}]}'
    row = RefusedEvent(content=body, size=len(body), events=3, whole=True)
    assert without(row, lambda content: "anna" in named(content)) == 1
    assert row.events == 2
    assert bytes(row.content) == b'{"batch":[{"userId":"ben"},{"userId":"cy"}],' + stamp + b"}"
    assert row.size == len(row.content)


def test_a_body_that_cannot_be_cut_goes_as_a_whole():
    row = RefusedEvent(content=b'{"batch":[{"userId":"anna"', size=26, events=5, whole=True)
    assert without(row, lambda content: "anna" in named(content)) == 5
