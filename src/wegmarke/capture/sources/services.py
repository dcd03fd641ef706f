"""What can be done to sources and their keys, one verb a function; each is one transaction.

`by` needs the role of an administrator for sources and keys and of an editor for refused events, else
`NotAllowedError`; None is the system itself.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wegmarke.capture import counting
from wegmarke.capture.inbox import InboxBatch, RefusedEvent, Source, WriteKey
from wegmarke.capture.receiving.envelope import in_a_batch
from wegmarke.capture.receiving.keys import digest
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.capture.sources.contracts import NewKey, NoSuchSourceError, SourceNameTakenError
from wegmarke.team.contracts import PERSONS, Role, require_role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from wegmarke.team.models import User

SHOWN: Final = 4
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
MOST_AT_ONCE: Final = 1_000


@transaction.atomic
def add_source(*, name: str, origins: Sequence[str] = (), by: User | None, now: datetime) -> int:
    """Add a source and return its number. Raises `SourceNameTakenError`, `ValidationError`."""
    require_role(by, Role.ADMIN)
    try:
        with transaction.atomic():
            sites = checked_origins(origins)
            return Source.objects.create(name=_named(name), origins=sites, created_at=now).pk
    except IntegrityError as error:
        raise SourceNameTakenError(_("Another source has this name.")) from error


@transaction.atomic
def change_source(*, source: int, name: str, origins: Sequence[str], by: User | None) -> None:
    """Rename a source, or change the web sites that may send. Raises as `add_source` does."""
    require_role(by, Role.ADMIN)
    row = _source(source)
    row.name, row.origins = _named(name), checked_origins(origins)
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "origins"])
    except IntegrityError as error:
        raise SourceNameTakenError(_("Another source has this name.")) from error


@transaction.atomic
def make_key(*, source: int, browser: bool, by: User | None, now: datetime) -> NewKey:
    """Make a write key. The key of a server can be read in this answer only."""
    require_role(by, Role.ADMIN)
    text = f"{'wk' if browser else 'sk'}_{secrets.token_urlsafe(24)}"
    WriteKey.objects.create(
        source=_source(source),
        kind=WriteKey.Kind.BROWSER if browser else WriteKey.Kind.SERVER,
        digest=digest(text),
        shown=text if browser else text[-SHOWN:],
        created_at=now,
        created_by=by,
    )
    return NewKey(text, browser)


def revoke_key(*, key: int, by: User | None, now: datetime) -> None:
    """Let a key write no more, from the next second on; what it sent stays. A second time changes nothing."""
    require_role(by, Role.ADMIN)
    if not WriteKey.objects.filter(pk=key, revoked_at=None).update(revoked_at=now):
        _there(WriteKey.objects.filter(pk=key).exists())


@transaction.atomic
def send_again(*, events: Sequence[int], by: User | None) -> int:
    """Put refused events back into the inbox, to be read anew, and return how many.

    Whoever sends the same ones twice sends them once: an event leaves the list as it enters the inbox. One
    that is refused again is back in the list afterwards. What was kept only in part cannot be sent.
    """
    require_role(by, Role.EDITOR)
    rows = [row for row in _refused(events) if row.size == len(row.content)]
    InboxBatch.objects.bulk_create(
        inbox_batch(
            source=row.source_id,
            received_at=row.received_at,
            kind=row.type,
            events=row.events,
            content=_body_of(row),
            again=True,
        )
        for row in rows
    )
    counting.no_longer_refused(rows)
    RefusedEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _body_of(row: RefusedEvent) -> bytes:
    content = bytes(row.content)
    return content if row.whole or row.type else in_a_batch(content, row.sent_at)


@transaction.atomic
def delete_refused(*, events: Sequence[int], by: User | None) -> int:
    """Delete refused events for good and return how many; a data protection officer may, too."""
    require_role(by, *PERSONS)
    rows = _refused(events)
    counting.no_longer_refused(rows, erased=True)
    RefusedEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _refused(events: Sequence[int]) -> list[RefusedEvent]:
    return list(RefusedEvent.objects.select_for_update().filter(pk__in=events[:MOST_AT_ONCE]))


def checked_origins(origins: Sequence[str]) -> list[str]:
    """Return web origins as browsers send them: scheme, host, port.

    Raises `ValidationError` that names the wrong one.
    """
    return list(dict.fromkeys(_origin(one.strip()) for one in origins if one.strip()))


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    host = parts.hostname or ""
    named = parts.scheme in {"http", "https"} and _HOST.fullmatch(host)
    if not named or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError(
            _("“%(text)s” is not a web site of the form https://shop.example.com."), params={"text": text}
        )
    return f"{parts.scheme}://{host}{port}"


def _named(name: str) -> str:
    text = " ".join(name.split())
    if not text:
        raise ValidationError(_("A name is missing."))
    return text


def _source(source: int) -> Source:
    row = Source.objects.select_for_update().filter(pk=source).first()
    if row is None:
        raise NoSuchSourceError(source)
    return row


def _there(exists: bool) -> None:  # noqa: FBT001 - the only thing it is told
    if not exists:
        raise NoSuchSourceError
