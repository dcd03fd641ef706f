"""From whole documents to one row per changed part: the same versions, with the same numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import migrations
from ruamel.yaml import YAML

import wegmarke.plan.models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps

LISTS = ("journeys", "touchpoints", "funnels")
Parts = dict[tuple[str, str], str]


def parts_of(document: str) -> Parts:
    """Take a document of the first format apart."""
    plain: dict[str, Any] = YAML(typ="safe", pure=True).load(document)
    phases = plain.pop("phases", None)
    if phases:
        plain["journeys"] = [{"key": "main", "phases": phases}]
    for touchpoint in plain.get("touchpoints", ()):
        if "owner" in touchpoint:
            touchpoint["owners"] = [touchpoint.pop("owner")]
    found = {kind: plain.pop(kind, None) or [] for kind in LISTS}
    order = {kind: [one["key"] for one in found[kind]] for kind in LISTS if found[kind]}
    parts = {("", ""): _text({**plain, "order": order})}
    for kind, items in found.items():
        parts.update({(kind, one["key"]): _text(one) for one in items})
    return parts


def _text(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def take_apart(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write each saved document as what it changed."""
    old, version, item = (apps.get_model("plan", name) for name in ("SavedPlan", "Version", "Item"))
    before: Parts = {}
    for saved in old.objects.order_by("number"):
        row = version.objects.create(
            number=saved.number,
            token=wegmarke.plan.models.new_token(),
            basis=saved.number,
            saved_at=saved.saved_at,
            saved_by=saved.saved_by,
            comment=saved.comment,
        )
        parts = parts_of(saved.document)
        for (kind, key), content in before.items():
            if parts.get((kind, key)) != content:
                item.objects.filter(kind=kind, key=key, until=None).update(until=row)
        for (kind, key), content in parts.items():
            if before.get((kind, key)) != content:
                item.objects.create(kind=kind, key=key, content=content, since=row)
        before = parts


class Migration(migrations.Migration):
    """Data only, so that PostgreSQL need not change a table with pending rows."""

    dependencies = [("plan", "0002_versions_by_item")]
    operations = [migrations.RunPython(take_apart, migrations.RunPython.noop)]
