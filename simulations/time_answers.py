"""Measure whether it can be told by the time of an answer what exists.

    python simulations/time_answers.py --times 300

Pairs of questions are asked in turn, one about what exists and one about what does not: log-ins with a wrong
password, and ten times as many about keys and addresses of webhooks. For each pair the area under the curve
says how often the one took longer than the other: 0.5 is a coin. The last line printed is a JSON object; the
exit code is 1 where an area is off by more than 0.1 and than chance explains in a million such runs.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import random
import re
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from live_site import running

if TYPE_CHECKING:
    from collections.abc import Callable

    from live_site import Site

FIVE_SIGMA = 5.0
LOG_IN = "log-in"
MATERIAL = 0.1


def area(one: list[float], other: list[float]) -> tuple[float, float]:
    """Return how often a value of the first is larger than one of the second, and in standard deviations."""
    wins = sum((a > b) + 0.5 * (a == b) for a in one for b in other)
    n, m = len(one), len(other)
    share = wins / (n * m)
    return share, (share - 0.5) / math.sqrt((n + m + 1) / (12 * n * m))


def asked(site: Site, path: str, body: bytes, headers: dict[str, str]) -> float:
    """Ask once; return the seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.connect()
    begun = time.perf_counter()
    connection.request("POST", path, body, headers)
    connection.getresponse().read()
    took = time.perf_counter() - begun
    connection.close()
    return took


def log_in(site: Site) -> Callable[[str], float]:
    """Return what logs in with a wrong password, each time another, as one who comes from elsewhere."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", "/account/log-in/")
    answer = connection.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    token = found[1] if found else ""
    connection.close()

    def ask(name: str) -> float:
        form = urlencode({"username": name, "password": "wrong", "csrfmiddlewaretoken": token}).encode()
        return asked(
            site,
            "/account/log-in/",
            form,
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie},
        )

    return ask


def pairs(site: Site, number: int) -> dict[str, tuple[Callable[[int], float], Callable[[int], float]]]:
    """Return what to ask about what exists, and about what does not."""
    enter = log_in(site)
    event = b'{"type":"track","event":"x","userId":"u"}'
    token = webhook_address()

    def key(text: str) -> Callable[[int], float]:
        return lambda _: asked(site, f"/v1/track?writeKey={text}", event, {})

    def hook(text: str) -> Callable[[int], float]:
        return lambda _: asked(site, f"/hooks/{text}/", event, {"Content-Type": "application/json"})

    # A name is locked after five wrong passwords, so each is asked once.
    return {
        LOG_IN: (lambda at: enter(f"kim{at % number}"), lambda at: enter(f"nobody{at % number}")),
        "revoked key": (key(revoked_key()), key("sk_" + "x" * 32)),
        "webhook": (hook(token), hook("x" * len(token))),
    }


def webhook_address() -> str:
    """Add a webhook and return its token."""
    from django.utils import timezone

    from wegmarke.capture.hooks import services
    from wegmarke.capture.hooks.contracts import Scheme
    from wegmarke.capture.hooks.table import Webhook

    services.add_webhook(name="Till", scheme=Scheme.STANDARD, by=None, now=timezone.now())
    return str(Webhook.objects.get().token)


def revoked_key() -> str:
    """Make a key and revoke it."""
    from django.utils import timezone

    from wegmarke.capture.inbox import Source, WriteKey
    from wegmarke.capture.sources import services

    source = Source.objects.get(name="simulation").pk
    made = services.make_key(source=source, browser=False, by=None, now=timezone.now())
    services.revoke_key(key=WriteKey.objects.latest("pk").pk, by=None, now=timezone.now())
    return made.text


def simulate(times: int) -> dict[str, dict[str, float]]:
    """Ask all pairs so often, by turns."""
    found: dict[str, dict[str, float]] = {}
    chance = random.Random(29)  # noqa: S311 - chance, not secrecy
    with running() as site:
        from wegmarke.team.models import User

        one = User.objects.create_user("kim0", password="Kiesel-Moos-17-Wacholder")  # noqa: S106
        User.objects.bulk_create(User(username=f"kim{at}", password=one.password) for at in range(1, times))
        for name, (there, absent) in pairs(site, times).items():
            seen: tuple[list[float], list[float]] = ([], [])
            for at in range(times if name == LOG_IN else 10 * times):
                for which in chance.sample((0, 1), 2):  # whichever comes second may find things warm
                    seen[which].append((there, absent)[which](at))
            share, sigmas = area(*seen)
            found[name] = {"area": round(share, 3), "standard deviations": round(sigmas, 1)}
    return found


def main() -> int:
    """Measure and print; 1 where it can be told."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--times", type=int, default=100)
    options = parser.parse_args()
    figures = simulate(options.times)
    print(json.dumps(figures))
    told = [
        name
        for name, one in figures.items()
        if abs(one["standard deviations"]) > FIVE_SIGMA and abs(one["area"] - 0.5) > MATERIAL
    ]
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
