"""What capture holds of persons, and how it goes: the inbox, refused events, uploaded files, rejected rows.

The inbox empties itself: what came before an erasure is dropped by the mover, which knows the tombstones.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec
from django.db import transaction
from django.utils.translation import pgettext_lazy

from wegmarke.capture import counting, erasing_files, telling
from wegmarke.capture.contracts import Status
from wegmarke.capture.events.clock import TimeError, parsed
from wegmarke.capture.hooks.table import WebhookBody
from wegmarke.capture.inbox import InboxBatch, RefusedEvent
from wegmarke.capture.models import Import
from wegmarke.capture.naming import named
from wegmarke.capture.receiving.envelope import in_a_batch
from wegmarke.capture.receiving.splitting import cut
from wegmarke.capture.rules import OPEN
from wegmarke.people.erasure.contracts import Held, Keeper, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from wegmarke.people.erasure.contracts import Erasing

_STAMP: Final = re.compile(rb'"(?:originalTimestamp|timestamp)"\s*:\s*"([^"\\]*)"')
AT_ONCE: Final = 500


def said_before(content: bytes, moment: datetime) -> bool:
    """Say whether a message was stamped before a moment, or does not say when."""
    stamps = []
    for text in _STAMP.findall(content):
        with suppress(TimeError, UnicodeDecodeError):
            stamps.append(parsed(text.decode()))
    return not stamps or min(stamps) < moment


def without(row: RefusedEvent, gone: Callable[[bytes], bool]) -> int:
    """Take the events that have to go out of a refused row; return how many, all of them where it is empty.

    A whole body is cut into its events, so that the others stay; one that cannot be cut goes as a whole.
    """
    content = bytes(row.content)
    if not gone(content):
        return 0
    found = cut(content) if row.whole else None
    if found is None:
        return row.events
    kept = [event for event in found.events if not gone(event)]
    if not kept or len(kept) == len(found.events):
        return row.events
    removed = min(len(found.events) - len(kept), row.events - 1)
    row.content = in_a_batch(b",".join(kept), _sent(found.members.get("sentAt", b"")))
    row.size = len(row.content)
    row.events -= removed
    return removed


def _sent(raw: bytes) -> str:
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        said = msgspec.json.decode(raw)
        return said if isinstance(said, str) else ""
    return ""


def _theirs(erasing: Erasing) -> Callable[[bytes], bool]:
    """Return what tells whether a message is about somebody: by its ids, or by an id in any other field."""
    ids = frozenset(erasing.identifiers)
    quoted = [msgspec.json.encode(text) for text in erasing.telling]
    return lambda content: bool(named(content) & ids) or any(text in content for text in quoted)


def _refused_rows() -> Iterator[RefusedEvent]:
    return RefusedEvent.objects.order_by("pk").iterator(AT_ONCE)


def _count_refused(erasing: Erasing) -> Held:
    theirs = _theirs(erasing)
    return Held(rows=sum(without(row, theirs) for row in _refused_rows()))


@transaction.atomic
def _erase_refused(erasing: Erasing) -> bool:
    theirs = _theirs(erasing)
    tally = counting.Tally()
    for row in list(RefusedEvent.objects.select_for_update().order_by("pk").iterator(AT_ONCE)):
        before = row.events
        removed = without(row, theirs)
        if not removed:
            continue
        tally.add(row.source_id, row.received_at.date(), refused=-removed, erased=removed)
        if removed == before:
            row.delete()
        else:
            row.save(update_fields=["content", "size", "events"])
    tally.save()
    WebhookBody.objects.all().delete()  # the last few, for previews: quicker gone than searched
    return True


def _inbox_is_empty(erasing: Erasing) -> bool:
    return not InboxBatch.objects.filter(received_at__lte=erasing.erased_at).exists()


def _refused_identifiers() -> Iterator[str]:
    for row in _refused_rows():
        yield from named(bytes(row.content))


def _count_files(erasing: Erasing) -> Held:
    return erasing_files.count(erasing)


def _erase_files(erasing: Erasing) -> bool:
    """Wait for imports that are being read: their rows come into the log without the person."""
    if Import.objects.filter(status__in=OPEN, dead_at=None, created_at__lte=erasing.erased_at).exists():
        return False
    erasing_files.erase(erasing)
    return True


INBOX = Store(
    "inbox",
    pgettext_lazy("store of personal data", "Events that wait to be read"),
    _inbox_is_empty,
    tell=telling.tell_inbox,
)
REFUSED = Store(
    "refused",
    pgettext_lazy("store of personal data", "Refused events"),
    _erase_refused,
    _count_refused,
    identifiers=_refused_identifiers,
    tell=telling.tell_refused,
)
FILES = Store(
    "files",
    pgettext_lazy("store of personal data", "Uploaded files and rejected rows"),
    _erase_files,
    _count_files,
    tell=telling.tell_files,
)


@transaction.atomic
def _expire_refused(before: datetime, _name: str, _now: datetime) -> int:
    rows = list(RefusedEvent.objects.select_for_update().filter(received_at__lt=before))
    counting.no_longer_refused(rows, erased=True)
    RefusedEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _old_imports(before: datetime) -> list[Import]:
    return list(Import.objects.filter(finished_at__lt=before).exclude(status__in=OPEN | {Status.DRAFT}))


def _expire_uploads(before: datetime, _name: str, _now: datetime) -> int:
    return sum(erasing_files.remove_upload(row) for row in _old_imports(before))


def _expire_rejected(before: datetime, _name: str, _now: datetime) -> int:
    return sum(erasing_files.remove_rejected(row) for row in _old_imports(before))


KEPT_REFUSED = Keeper(
    "refused",
    pgettext_lazy("kind of data", "Refused events"),
    90,
    _expire_refused,
    lambda before: RefusedEvent.objects.filter(received_at__lt=before).count(),
)
KEPT_UPLOADS = Keeper(
    "uploads",
    pgettext_lazy("kind of data", "Uploaded files, where they are kept after the import"),
    None,
    _expire_uploads,
    lambda before: sum(row.file_kept for row in _old_imports(before)),
)
KEPT_REJECTED = Keeper(
    "rejected",
    pgettext_lazy("kind of data", "Rejected rows of imports (30 days at most)"),
    30,
    _expire_rejected,
    lambda before: sum(erasing_files.has_rejected(row) for row in _old_imports(before)),
)
