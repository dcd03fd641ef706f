"""Every Segment-shaped request once recorded of a real client is answered as that client needs it."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import re
from urllib.parse import urlsplit

import pytest

from support.shared_data import MISSING, RECORDED_REQUESTS

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

SHAPED = re.compile(
    r"(?P<path>(/beacon)?/v1/(batch|b|i|t|p|s|g|a|identify|track|page|screen|group|alias)|/sourceConfig/"
    r"|/v1/projects/[^/]+/settings)(\?|$)"
)
RECORDED_KEY = "WK_TEST"


def recorded():
    """Return the records that speak the specification, without the prefixes they were told apart by."""
    if not RECORDED_REQUESTS.is_file():
        pytest.skip(MISSING)
    found = []
    for line in RECORDED_REQUESTS.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        if match := SHAPED.search(one["p"]):
            found.append(one | {"p": one["p"][match.start() :]})
    return found


def send(url, one, key):
    """Send a record as it came, with a key of this site; return status and headers."""
    headers = {
        name: text for name, text in one["h"].items() if name.lower() not in {"host", "content-length"}
    }
    for name in [name for name in headers if name.lower() == "authorization"]:
        headers[name] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    body = b""
    if one["m"] == "POST":
        body = json.dumps(one["body"]).replace(RECORDED_KEY, key).encode()
        body = gzip.compress(body) if headers.get("Content-Encoding") == "gzip" else body
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request(one["m"], one["p"].replace(RECORDED_KEY, key), body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): text for name, text in answer.getheaders()}


def test_every_recorded_request_is_answered_and_its_events_count_once(site):
    source = site.source()
    requests = recorded()
    assert len(requests) > 30
    ids = []
    for one in requests:
        status, headers = send(site.url, one, source.browser)
        assert status == 200, one["p"]
        assert headers["access-control-allow-origin"] == "*"
        if one["m"] == "OPTIONS":
            assert headers["access-control-allow-headers"] == one["h"]["Access-Control-Request-Headers"]
        if one["m"] == "POST":
            ids += [event["messageId"] for event in one["body"].get("batch", [one["body"]])]
    counted = source.counted()
    assert source.refused() == []
    assert counted["received"] == len(ids)
    assert counted["moved"] == len(set(ids))


def test_recorded_requests_sent_again_change_nothing(site):
    source = site.source()
    posts = [one for one in recorded() if one["m"] == "POST"]
    for one in posts:
        send(site.url, one, source.browser)
    before = source.counted()["moved"]
    for one in posts:
        assert send(site.url, one, source.browser)[0] == 200
    assert source.counted()["moved"] == before > 0
