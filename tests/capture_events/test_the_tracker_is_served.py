"""The tracker comes to any page without a log-in, small, and again only when it has changed."""

from __future__ import annotations

import gzip

import pytest

from support.loops import run
from wegmarke.capture.receiving import http, script


@pytest.fixture
def fetch():
    """Return a function that asks for the tracker: status, body, headers."""
    api = http.EventApi()

    def asked(method="GET", **headers):
        sent = []

        async def receive():
            return {"type": "http.request", "body": b""}

        async def send(message):
            sent.append(message)

        names = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
        scope = {"type": "http", "method": method, "path": "/t.js", "query_string": b"", "headers": names}
        run(api(scope, receive, send))
        return sent[0]["status"], sent[1]["body"], dict(sent[0]["headers"])

    return asked


def test_any_page_may_load_it(fetch):
    status, body, headers = fetch()
    assert status == 200
    assert body == script.BUILT.read_bytes()
    assert headers[b"access-control-allow-origin"] == b"*"
    assert headers[b"cross-origin-resource-policy"] == b"cross-origin"
    assert headers[b"content-type"].startswith(b"text/javascript")
    assert b"set-cookie" not in headers


def test_it_comes_packed_where_that_is_understood(fetch):
    _status, body, headers = fetch(accept_encoding="br, gzip")
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"vary"] == b"accept-encoding"
    assert gzip.decompress(body) == script.BUILT.read_bytes()
    assert headers[b"content-length"] == str(len(body)).encode()


def test_it_is_kept_for_a_while_and_then_asked_for_by_its_tag(fetch):
    _status, _body, headers = fetch()
    assert b"max-age=600" in headers[b"cache-control"]
    status, body, again = fetch(if_none_match=f'"other", W/{headers[b"etag"].decode()}')
    assert (status, body) == (304, b"")
    assert again[b"etag"] == headers[b"etag"]
    assert fetch(if_none_match='"other"')[0] == 200


def test_its_head_can_be_asked_for_and_nothing_be_sent_to_it(fetch):
    status, body, headers = fetch("HEAD")
    assert (status, body) == (200, b"")
    assert int(headers[b"content-length"]) > 1_000
    assert fetch("POST", host="localhost")[0] == 405
