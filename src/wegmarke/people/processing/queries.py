"""What can be asked of the record of processing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from wegmarke.people.access.contracts import Matter
from wegmarke.people.processing.contracts import FIELDS, MISSING, TOLD, Entry, Field, Text, Topic
from wegmarke.people.processing.tables import ProcessingText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.functional import Promise

    from wegmarke.people.processing.contracts import Known


def record(*, now: datetime) -> tuple[Entry, ...]:
    """Return the record in the active language, topic by topic."""
    return _entries(tuple(Topic), now)


def _entries(topics: Sequence[Topic], now: datetime) -> tuple[Entry, ...]:
    known: Sequence[Known] = import_string(settings.PROCESSING_FACTS)
    texts = _in_force()
    return tuple(
        Entry(
            topic,
            tuple(line for one in known if one.topic is topic for line in one.lines(now)),
            tuple(texts[field] for field in FIELDS[topic]),
        )
        for topic in topics
    )


def matters(*, now: datetime) -> tuple[Matter, ...]:
    """Return what has to be told to whoever asks for their data, in the active language."""
    language = get_language() or "en"
    return tuple(
        Matter(
            one.topic.value,
            str(one.topic.label),
            tuple(filter(None, (*(text.in_language(language) for text in one.texts), *one.known))),
        )
        for one in _entries(TOLD, now)
    )


def missing() -> tuple[Promise, ...]:
    """Return what the record still lacks, as things to do."""
    texts = _in_force()
    return tuple(todo for field, todo in MISSING.items() if texts[field].missing)


def text(field: Field) -> Text:
    """Return what was written about one field; empty where nothing was."""
    return _in_force()[field]


def history(field: Field, *, limit: int = 50) -> tuple[Text, ...]:
    """Return the versions of one text, the newest first."""
    rows = ProcessingText.objects.filter(field=field).select_related("changed_by")
    return tuple(map(_text, rows[:limit]))


def _in_force() -> dict[Field, Text]:
    newest = ProcessingText.objects.order_by().values("field").annotate(newest=Max("pk"))
    rows = ProcessingText.objects.filter(pk__in=[one["newest"] for one in newest])
    written = {row.field: _text(row) for row in rows.select_related("changed_by")}
    return {field: written.get(field.value, Text(field)) for field in Field}


def _text(row: ProcessingText) -> Text:
    by = row.changed_by.get_full_name() if row.changed_by else ""
    return Text(Field(row.field), row.de, row.en, row.pk, row.changed_at, by)
