"""A small shop on another origin that uses the tracker, under a policy that lets nothing else in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from support.between import Between
from support.elsewhere import Elsewhere
from support.serving import soon

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOME = """<!doctype html><html lang="en"><head><title>Shop</title>
<meta name="viewport" content="width=device-width">{script}</head><body>
<nav><a href="/cart" id="to-cart">Cart</a> <button id="dead" type="button">Nothing</button>
<button id="alive" type="button">Something</button> <span class="price">9.90</span></nav>
<form name="checkout" action="/thanks"><label>Name <input name="name"></label>
<label>Street <input name="street"></label><label>Card <input name="card" type="password"></label>
<label>Gift <input name="gift" type="checkbox"></label><button>Buy</button></form>
<section data-wm-step="checkout:address"><h2>Address</h2></section>
<p class="tall"></p><p class="tall"></p><p class="tall"></p>
<section data-wm-step="checkout:payment"><h2>Payment</h2></section></body></html>"""
CART = """<!doctype html><html lang="en"><head><title>Cart</title>{script}</head>
<body><h1>Cart</h1></body></html>"""
STYLE = ".tall { height: 2000px }"


class Shop:
    """The shop, the way to the site, and what went that way."""

    def __init__(self, site_url: str, key: str, attributes: str = "") -> None:
        self.between = Between(site_url)
        self.script = f'<script src="{self.between.url}/t.js" data-key="{key}" {attributes} async></script>'
        style = '<link rel="stylesheet" href="/shop.css">'
        pages = {"/": HOME, "/cart": CART, "/thanks": CART}
        self.web = Elsewhere({path: text.format(script=style + self.script) for path, text in pages.items()})
        self.web.files["/shop.css"] = STYLE
        site = self.between.url
        self.web.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src {site}; connect-src {site}; style-src 'self'"
        )
        self.problems: list[str] = []

    def close(self) -> None:
        """Close the shop."""
        self.web.close()
        self.between.close()

    def enter(self, page: Page, path: str = "/") -> None:
        """Open a page of the shop and wait for the tracker."""
        page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(self.web.url + path)
        assert soon(lambda: page.evaluate("!!window.wegmarke"))

    def events(self) -> list[dict[str, Any]]:
        """Return everything that was sent as it happened; beacons and requests overtake one another."""
        sent = [event for post in self.between.posts() for event in json.loads(post.body)["batch"]]
        return sorted(sent, key=lambda event: event["timestamp"])

    def tracked(self, name: str) -> list[dict[str, Any]]:
        """Return the properties of all events of a name."""
        return [one.get("properties", {}) for one in self.events() if one.get("event") == name]

    def views(self) -> list[str]:
        """Return the paths of all page views."""
        return [one["properties"]["path"] for one in self.events() if one["type"] == "page"]

    def told(self, page: Page, name: str, **properties: object) -> dict[str, Any]:
        """Wait for an event with at least these properties and return all of them."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.tracked(name) if properties.items() <= one.items()]

        def sent() -> bool:
            page.evaluate("window.wegmarke?.flush()")
            return bool(found())

        assert soon(sent, 30), (
            f"no {name} {properties}, but {[(e.get('event'), e.get('properties')) for e in self.events()]}"
        )
        return found()[0]
