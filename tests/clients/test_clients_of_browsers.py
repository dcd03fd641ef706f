"""The clients people put into their web pages, as they are, in a real browser against a running site."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from support.between import MORE_THAN_ALLOWED
from support.elsewhere import Elsewhere
from support.serving import soon

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HERE = Path(__file__).parent
SAID = {"segment_next": 6, "rudder_js": 5}
"""What each client says; that of RudderStack knows no screens."""
WAYS = {
    ("segment_next", ""): {"/v1/i", "/v1/t", "/v1/p", "/v1/s", "/v1/g", "/v1/a"},
    ("segment_next", "batched"): {"/v1/b"},
    ("rudder_js", ""): {"/v1/identify", "/v1/track", "/v1/page", "/v1/group", "/v1/alias"},
    ("rudder_js", "batched"): {"/v1/batch"},
    ("rudder_js", "beacon"): {"/beacon/v1/batch"},
}
"""Each client in each way it can send, and where it then sends to."""


@pytest.fixture(scope="module")
def pages(installed, tmp_path_factory):
    """Serve a page for each client from another origin."""
    target = tmp_path_factory.mktemp("bundles")
    (esbuild,) = (installed / "node_modules" / "@esbuild").glob("*/bin/esbuild")
    subprocess.run(
        [
            str(esbuild),
            *(str(HERE / f"{name}.js") for name in SAID),
            "--bundle",
            f"--outdir={target}",
            "--log-level=error",
        ],
        env=os.environ | {"NODE_PATH": str(installed / "node_modules")},
        check=True,
    )
    web = Elsewhere()
    for name in SAID:
        web.files[f"/{name}.js"] = (target / f"{name}.js").read_bytes()
        web.files[f"/{name}"] = f"<!doctype html><title>{name}</title><script src='/{name}.js'></script>"
    yield web
    web.close()


def says(page, pages, client, source, **ways):
    """Let a client say one of everything in a page; return about whom it spoke."""
    person = f"u-{uuid4().hex}"
    given = {
        "url": source.between.url,
        "key": source.browser,
        "person": person,
        "visitor": f"v-{uuid4().hex}",
        **ways,
    }
    page.goto(f"{pages.url}/{client}#{quote(json.dumps(given))}")
    page.wait_for_function("window.report", timeout=60_000)
    return person


def check_record(site, client, person):
    """Everything that was said is in the record, once."""
    events = {one["name"]: one for one in site.events(person)}
    assert len(site.events(person)) == len(events)
    names = {"Order Completed", "Page Viewed"} | ({"Screen Viewed"} if client == "segment_next" else set())
    assert set(events) == names
    assert events["Order Completed"]["value"] == 12.5
    assert events["Page Viewed"]["properties"]["name"] == "Home"
    assert events["Page Viewed"]["properties"]["url"] == "http://shop.example/home"
    traits = {"plan": "gold", "email": "a@shop.example", "account": "g1", "account.name": "ACME"}
    assert site.traits(person) == traits


@pytest.mark.parametrize(("client", "way"), WAYS)
def test_what_a_client_in_a_page_says_is_in_the_record_once(site, pages, page, client, way):
    source = site.source(pages.url)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    person = says(page, pages, client, source, **{way: True} if way else {})
    assert soon(lambda: source.counted()["received"] >= SAID[client], 30)
    assert page.evaluate("window.report.errors") == []
    counts = {"received": SAID[client], "moved": SAID[client], "known": 0, "refused": 0}
    assert source.counted() == counts, source.refused()
    check_record(site, client, person)
    assert {one.path.split("?")[0] for one in source.between.posts()} == WAYS[client, way]
    assert [url for url in asked if not url.startswith((source.between.url, pages.url))] == []


@pytest.mark.parametrize("client", SAID)
def test_a_page_told_to_wait_or_left_without_an_answer_sends_again_and_counts_once(site, pages, page, client):
    source = site.source()
    source.between.key = source.browser
    source.between.trouble = ["exhaust", "lose"]
    person = says(page, pages, client, source)
    noise = 1  # what exhausted the site said the same each time
    assert soon(lambda: source.counted()["received"] > SAID[client] + MORE_THAN_ALLOWED, 60)
    assert soon(lambda: source.counted()["moved"] == SAID[client] + noise, 60)
    assert {429, 0, 200} == {one.status for one in source.between.posts()}
    counted = source.counted()
    lost = counted["known"] - (MORE_THAN_ALLOWED - noise)
    assert lost == 1
    assert counted["refused"] == 0
    check_record(site, client, person)
