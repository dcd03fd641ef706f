"""The purposes every company has, there from the start; more are added on the page."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps as installed

FIRST: Final = (
    ("advertising", "Werbung", "Advertising", "advertising"),
    ("surveys", "Befragungen", "Surveys", "consent"),
    ("profiling", "Analyse des Verhaltens", "Analysis of behaviour", "consent"),
    ("service", "Service und Vertrag", "Service and contract", "contract"),
)


def add_first_purposes(
    using: str,
    apps: Any = installed,  # noqa: ANN401 - as Django calls it
    **_more: object,
) -> None:
    """Add them after the tables were made, where there is none yet."""
    try:
        purpose = apps.get_model("people", "Purpose")
    except LookupError:  # the tables as they were before
        return
    rows = purpose.objects.using(using)
    if not rows.exists():
        rows.bulk_create(
            purpose(key=key, name_de=german, name_en=english, basis=basis)
            for key, german, english, basis in FIRST
        )
