"""What capture knows for the record of processing: where data come from, and what is done at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _

from wegmarke.capture.inbox import Source, WriteKey
from wegmarke.people.processing.contracts import Known, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from wegmarke.capture.hooks.table import Webhook


def _sources(_now: datetime) -> Iterator[str]:
    for source in Source.objects.select_related("webhook").prefetch_related("keys").order_by("name"):
        yield _("%(name)s (%(how)s)") % {"name": source.name, "how": ", ".join(_ways(source))}
    yield _("Files that colleagues upload")


def _ways(source: Source) -> Iterator[str]:
    hook: Webhook | None = getattr(source, "webhook", None)
    if hook is not None and hook.provider:
        yield _("messages of the mail provider %(provider)s") % {"provider": hook.provider}
    elif hook is not None:
        yield _("messages of another system")
    kinds = {key.kind for key in source.keys.all() if key.revoked_at is None}
    if WriteKey.Kind.BROWSER in kinds:
        yield _("web pages")
        if source.declines_signals:
            yield _("nothing of browsers that ask not to be watched")
        else:
            yield _("without who it was for browsers that ask not to be watched")
    if WriteKey.Kind.SERVER in kinds:
        yield _("servers")
    if hook is None and not kinds:
        yield _("no key in force")
    if source.estimates_visitors:
        yield _("visitors of a day estimated")


def _files(_now: datetime) -> Iterator[str]:
    if settings.IMPORT_KEEP_FILES:
        yield _("Uploaded files are kept after they were read.")
    else:
        yield _("Uploaded files are removed once they were read.")


OWN: Final = (Known(Topic.SOURCES, _sources), Known(Topic.RETENTION, _files))
