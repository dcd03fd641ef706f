"""The shop of story 1: a full basket, a forced log-in, a card error, only a form, no answer within the hour.

Beside it a newsletter people were signed up for unasked, which annoys many and drives nobody away.
"""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2025, 1, 6, 7, 0, tzinfo=UTC)
DAYS = 420
COLUMNS = (
    "kunde",
    "zeitpunkt",
    "ereignis",
    "erlebnis",
    "fehler",
    "antwort_minuten",
    "warenwert",
    "kundentyp",
)

PLAN = """
name: Laden
phases:
  - {key: kauf, name: {de: Kauf, en: Purchase}}
  - {key: bindung, name: {de: Bindung, en: Retention}}
touchpoints:
  - {key: warenkorb, name: {de: Warenkorb, en: Basket}, phases: [kauf], started_by: customer,
     events: [Warenkorb]}
  - {key: anmeldezwang, name: {de: Anmeldezwang, en: Forced log-in}, phases: [kauf], started_by: customer,
     events: [Anmeldung verlangt]}
  - key: bezahlen
    name: {de: Bezahlen, en: Payment}
    phases: [kauf]
    started_by: customer
    events: [Zahlung]
    experience:
      bad: [{property: fehler, is: Kartenfehler}]
  - key: kontaktformular
    name: {de: Kontaktformular, en: Contact form}
    phases: [kauf]
    started_by: customer
    events: [Kontaktformular]
    experience:
      bad: [{property: antwort_minuten, above: 60}]
  - {key: bestellung, name: {de: Bestellung, en: Order}, phases: [kauf], started_by: customer,
     events: [Bestellung]}
  - {key: newsletter, name: Newsletter, phases: [bindung], started_by: company, events: [Newsletter]}
leaving: {quiet_days: 60}
horizon_days: 30
moving_on: [bestellung]
attributes: [kundentyp]
"""


def write(folder: Path, *, customers: int = 4_000, seed: int = 3) -> tuple[Path, Path]:
    """Write events and plan; return both paths."""
    rng = random.Random(seed)  # noqa: S311 - a made-up shop, not a secret
    events, plan = folder / "ereignisse.csv", folder / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    with events.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter=";")
        table.writerow(COLUMNS)
        for number in range(customers):
            table.writerows(_customer(rng, f"K-{number:05d}"))
    return events, plan


def _customer(rng: random.Random, key: str) -> list[tuple[str, ...]]:
    loyal = rng.random() < 0.6
    kind = "Stammkunde" if loyal else "Gelegenheitskunde"
    rows: list[tuple[str, ...]] = []

    def note(when: datetime, event: str, felt: str = "", **more: str) -> None:
        extra = (more.get("fehler", ""), more.get("minuten", ""), more.get("wert", ""))
        rows.append((key, when.strftime("%d.%m.%Y %H:%M:%S"), event, felt, *extra, kind))

    when = START + timedelta(days=rng.uniform(0, 60))
    while when < START + timedelta(days=DAYS):
        if _visit(rng, when, loyal, note):
            note(when + timedelta(hours=9), "Konto geschlossen")
            break
        _newsletters(rng, when, note)
        when += timedelta(days=rng.expovariate(1 / (14 if loyal else 20)) % 45 + 1)
    return rows


def _visit(rng: random.Random, when: datetime, loyal: bool, note) -> bool:
    """Go through one visit; return whether the customer leaves for good."""
    minute = timedelta(minutes=1)
    note(when, "Warenkorb")
    note(when + minute, "Anmeldung verlangt", rng.choice(["schlecht", "neutral", "neutral", "gut"]))
    tempted = 0.01 if loyal else 0.03
    if rng.random() < (0.08 if loyal else 0.16):
        note(when + 2 * minute, "Zahlung", "schlecht", fehler="Kartenfehler")
        waited = rng.choice([15, 40, 90, 300])
        note(
            when + 3 * minute,
            "Kontaktformular",
            "schlecht" if waited > 60 else "neutral",
            minuten=str(waited),
        )
        return rng.random() < tempted + 0.10 + (0.15 if waited > 60 else 0)
    note(when + 2 * minute, "Zahlung", rng.choice(["neutral", "gut"]))
    note(when + 3 * minute, "Bestellung", wert=f"{rng.uniform(20, 90):.2f}".replace(".", ","))
    return rng.random() < tempted


def _newsletters(rng: random.Random, when: datetime, note) -> None:
    for week in (2, 9):
        felt = rng.choices(["schlecht", "neutral", "gut"], [0.45, 0.45, 0.1])[0]
        note(when + timedelta(days=week, hours=rng.random()), "Newsletter", felt)
