"""What capture tells of somebody: messages that wait or were refused, rows of uploaded files.

A message is theirs where it is about them: by its userId, without one by its anonymousId. One that only
mentions them is about somebody else; it is counted and left out (decision 0028).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from wegmarke.capture import telling_files
from wegmarke.capture.hooks.contracts import HOOK, HookMapping
from wegmarke.capture.hooks.reading import Kept, mapping_of, person_in
from wegmarke.capture.hooks.table import WebhookBody
from wegmarke.capture.inbox import InboxBatch, RefusedEvent
from wegmarke.capture.naming import named, subject
from wegmarke.capture.receiving.splitting import cut
from wegmarke.capture.receiving.storing import content_of
from wegmarke.capture.sources.wording import reason
from wegmarke.people.access.contracts import WITHHELD, Section
from wegmarke.people.access.values import Coded, opened
from wegmarke.people.identifiers import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wegmarke.people.access.contracts import Row, Telling

AT_ONCE: Final = 100
MENTIONED: Final = _("Messages about others that only mention you are left out.")
FIELDS: Final = {"received_at": _("Received"), "source": _("Source"), "message": _("Message")}


class _Theirs:
    """Tells whether a message is about somebody, mentions them, or neither."""

    def __init__(self, telling: Telling) -> None:
        self.ids = frozenset(telling.identifiers)
        self.quoted = [msgspec.json.encode(text) for text in telling.telling]

    def __call__(self, content: bytes, mapping: HookMapping | None = None) -> bool | None:
        """Return True where it is about them, False where it mentions them, None where it does neither.

        Bodies of other systems say whom they are about where their mapping says.
        """
        if mapping is None:
            about = subject(content)
        else:
            said = person_in(content, mapping)
            about = known(said) if said else None
        if about in self.ids:
            return True
        if self.ids & named(content) or any(text in content for text in self.quoted):
            return about is None
        return None


def tell_inbox(telling: Telling) -> Iterator[Section]:
    """Tell what waits to be read, and the last bodies of webhooks that are kept to set them up."""
    yield Section(
        "waiting",
        _("Messages that wait to be read"),
        FIELDS,
        _waiting(telling),
        withheld_because=MENTIONED,
    )
    yield Section(
        "webhook_bodies",
        _("The last messages of other systems, kept to set up the connection"),
        FIELDS,
        _bodies(telling),
        withheld_because=MENTIONED,
    )


def _waiting(telling: Telling) -> Iterator[Row]:
    theirs = _Theirs(telling)
    for row in InboxBatch.objects.select_related("source").order_by("pk").iterator(AT_ONCE):
        told = {"received_at": row.received_at, "source": row.source.name}
        mapping = mapping_of(row.source_id) if row.type == HOOK else None
        yield from _told(_events_in(content_of(row), kind=row.type), theirs, told, mapping)


def _told(
    contents: Iterable[bytes], theirs: _Theirs, told: Row, mapping: HookMapping | None = None
) -> Iterator[Row]:
    for content in contents:
        found = theirs(content, mapping)
        if found is not None:
            yield {**told, "message": opened(content)} if found else WITHHELD


def _events_in(content: bytes, *, kind: str) -> list[bytes]:
    """Return the events of a body as they came; a body that cannot be cut is one."""
    if kind == HOOK:
        with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return [bytes(one) for one in msgspec.json.decode(content, type=Kept).items]
    found = cut(content)
    return [content] if found is None else found.events


def _bodies(telling: Telling) -> Iterator[Row]:
    theirs = _Theirs(telling)
    for row in WebhookBody.objects.select_related("webhook__source").order_by("pk").iterator(AT_ONCE):
        told = {"received_at": row.received_at, "source": row.webhook.source.name}
        mapping = HookMapping.from_dict(row.webhook.mapping)
        yield from _told(_items(row.content.encode("utf-8", "surrogatepass")), theirs, told, mapping)


def _items(content: bytes) -> list[bytes]:
    """Return the entries of a list, each of which may be about somebody else, or the one body."""
    with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return [bytes(one) for one in msgspec.json.decode(content, type=list[msgspec.Raw])]
    return [content]


def tell_refused(telling: Telling) -> Iterator[Section]:
    """Tell the messages that could not be taken."""
    yield Section(
        "refused",
        _("Messages that could not be taken"),
        {**FIELDS, "reason": _("Reason"), "detail": _("What exactly")},
        _refused(telling),
        note=_("They are kept for a while so that the error can be repaired, and count nowhere."),
        withheld_because=MENTIONED,
    )


def _refused(telling: Telling) -> Iterator[Row]:
    theirs = _Theirs(telling)
    for row in RefusedEvent.objects.select_related("source").order_by("pk").iterator(AT_ONCE):
        content = bytes(row.content)
        told = {"received_at": row.received_at, "source": row.source.name}
        told |= {"reason": Coded(row.reason, reason(row.reason)), "detail": row.detail}
        mapping = mapping_of(row.source_id) if row.type == HOOK else None
        whole = row.whole or mapping is not None
        contents = _events_in(content, kind=row.type) if whole else [content]
        yield from _told(contents, theirs, told, mapping)


def tell_files(telling: Telling) -> Iterator[Section]:
    """Tell the rows of uploaded files that are kept, and those that could not be read."""
    yield Section(
        "uploaded_rows",
        _("Rows of uploaded files"),
        {"file": _("File"), "uploaded_at": _("Uploaded"), "row": _("Content of the row")},
        telling_files.uploaded(telling),
        withheld_because=_(
            "Rows about others that only mention you are left out, and so are files that cannot be "
            "read any more; "
            "somebody looks at these."
        ),
    )
    yield Section(
        "rejected_rows",
        _("Rows of uploaded files that could not be taken"),
        {
            "file": _("File"),
            "uploaded_at": _("Uploaded"),
            "line": _("Line"),
            "column": _("Column"),
            "reason": _("Reason"),
            "row": _("Content of the row"),
        },
        telling_files.rejected(telling),
        withheld_because=_("Rows in which you are only mentioned are left out."),
    )
