"""Plans that come with Wegmarke, to start from: real touchpoints of usual businesses, to be adapted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from wegmarke.plan import documents
from wegmarke.plan.contracts import Plan, Text

TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Example:
    """One shipped plan: what it is called, what business it fits, how much is in it."""

    key: str
    title: Text
    about: Text
    touchpoints: int
    phases: int


_TITLES = {
    "saas": (
        Text("Software als Dienst (SaaS)", "Software as a service (SaaS)"),
        Text(
            "Für Verträge mit Laufzeit: vom Onboarding über Adoption und Ausbau bis zur Verlängerung, dazu"
            " Support und Weiterempfehlung. Mit Kanal, Zeitpunkt, Häufigkeit, Abteilung und Zielwert je"
            " Touchpoint.",
            "For contracts that run for a time: from onboarding through adoption and expansion to renewal,"
            " with support and advocacy. Each touchpoint with channel, timing, frequency, department and"
            " target.",
        ),
    ),
    "purchase": (
        Text("Kaufen und wiederkommen", "Buying and coming back"),
        Text(
            "Für Handel und Hersteller: von der Anzeige über Geschäft, Onlineshop und Partner bis zum"
            " Wiederholungskauf; in fünf Phasen und zugleich vor, während und nach dem Kauf.",
            "For retail and makers of products: from the ad through store, online shop and partners to the"
            " repeat purchase; in five phases, and at the same time before, during and after the purchase.",
        ),
    ),
    TEMPLATE: (
        Text("Kleine Vorlage", "Small template"),
        Text(
            "Fünf Phasen mit wenigen Touchpoints, die fast jedes Unternehmen hat. Zum Ausfüllen.",
            "Five phases with a few touchpoints that nearly every company has. To be filled in.",
        ),
    ),
}
_DEPARTMENTS = {
    "Sales": "Vertrieb",
    "Product": "Produkt",
    "Finance": "Buchhaltung",
    "Management": "Geschäftsführung",
    "Engineering": "Entwicklung",
    "Online shop": "Onlineshop",
    "Stores": "Filialen",
    "Logistics": "Logistik",
    "Customer service": "Kundenservice",
    "Market research": "Marktforschung",
    "Partner management": "Partnerbetreuung",
}
"""Departments of the examples that have another name in German; a department has one name in a plan."""


class NoSuchExampleError(LookupError):
    """An example that is not shipped."""


def every() -> tuple[Example, ...]:
    """Return all examples, the fullest first."""
    return tuple(example(key) for key in _TITLES)


def example(key: str) -> Example:
    """Return one example; raises `NoSuchExampleError`."""
    found = _read(key)
    title, about = _TITLES[key]
    return Example(key, title, about, len(found.touchpoints), len(found.phases))


def plan_of(key: str, language: str = "en") -> Plan:
    """Return the plan of an example, its departments named in a language; raises `NoSuchExampleError`."""
    found = _read(key)
    if not language.startswith("de"):
        return found
    named = (
        replace(one, department=_DEPARTMENTS.get(one.department or "", one.department))
        for one in found.touchpoints
    )
    return replace(found, touchpoints=tuple(named))


def text_of(key: str) -> str:
    """Return an example as it is shipped, with its comments; raises `NoSuchExampleError`."""
    if key not in _TITLES:
        raise NoSuchExampleError(key)
    return files(__package__).joinpath(f"{key}.yaml").read_text(encoding="utf-8")


@cache
def _read(key: str) -> Plan:
    return documents.load(text_of(key))
