"""What pages show of webhooks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from wegmarke.capture.events.contracts import Circumstances
from wegmarke.capture.events.meaning import RefusedError
from wegmarke.capture.hooks.contracts import HOOK, Hook, HookMapping, NoSuchWebhookError, Scheme, Tried
from wegmarke.capture.hooks.reading import message_from
from wegmarke.capture.hooks.table import Webhook, WebhookBody
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.team.models import User


def webhook(source: int) -> Hook:
    """Return the webhook of a source. Raises `NoSuchWebhookError`."""
    row = Webhook.objects.select_related("source").filter(source=source).first()
    if row is None:
        raise NoSuchWebhookError(source)
    return Hook(
        source=source,
        source_name=row.source.name,
        token=row.token,
        scheme=Scheme(row.scheme),
        header=row.header,
        provider=row.provider,
        mapping=HookMapping.from_dict(row.mapping),
    )


def tried(source: int, mapping: HookMapping, *, now: datetime, by: User | None) -> tuple[Tried, ...]:
    """Return what a mapping makes of the last bodies; they hold personal data, so for editors."""
    require_role(by, Role.EDITOR)
    bodies = WebhookBody.objects.filter(webhook__source=source).values_list("content", flat=True)
    return tuple(_try(body, mapping, now) for body in bodies)


def _try(body: str, mapping: HookMapping, now: datetime) -> Tried:
    value = json.loads(body)
    first = value[0] if isinstance(value, list) and value else value
    shown = json.dumps(first, ensure_ascii=False, indent=2)[:4_000]
    try:
        said = message_from(msgspec.json.encode(first), Circumstances(HOOK, now), mapping)
    except RefusedError as error:
        return Tried(shown, problem=error.refusal.detail)
    if said.happened is None:
        return Tried(shown)
    value = said.happened.value
    return Tried(
        shown,
        person=said.person,
        event=said.happened.name,
        time=said.time.isoformat(),
        value="" if value is None else str(value),
        properties=said.happened.properties or "",
    )
