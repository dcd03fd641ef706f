"""A client in Python says one of everything, as its own process; prints what it reports."""

from __future__ import annotations

import json
import sys
from importlib import import_module

MODULES = {
    "segment-python": "segment.analytics.client",
    "rudder-python": "rudderstack.analytics.client",
}

given = json.loads(sys.argv[1])
person, visitor = given["person"], given["visitor"]
errors: list[str] = []
client = import_module(MODULES[given["client"]]).Client(
    given["key"],
    host=given["url"],
    gzip=given["gzip"],
    on_error=lambda error, _items: errors.append(repr(error)),
)
client.identify(person, {"plan": "gold", "email": "a@shop.example"}, anonymous_id=visitor)
client.track(person, "Order Completed", {"revenue": 12.5, "currency": "EUR"})
client.page(person, "Docs", "Home", {"url": "http://shop.example/home"})
client.screen(person, "Docs", "Start")
client.group(person, "g1", {"name": "ACME"})
client.alias(visitor, person)
client.flush()
client.join()
print(json.dumps({"errors": errors}))  # noqa: T201 - its answer
