"""The record of processing as a file people can keep and send."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wegmarke.ui import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from wegmarke.people.processing.contracts import Entry

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(entries: Sequence[Entry], *, now: datetime) -> str:
    """Return the record as Markdown in the active language; names that others gave are no markup in it."""
    return "\n".join(_lines(entries, now))


def _lines(entries: Sequence[Entry], now: datetime) -> Iterator[str]:
    language = get_language() or "en"
    yield "# " + _("Record of processing activities (Art. 30 GDPR)") + "\n"
    missing = _("Still missing:")
    yield _("As of %(moment)s") % {"moment": numbers.when(now)} + "\n"
    for entry in entries:
        yield f"## {entry.topic.label}\n"
        for text in entry.texts:
            written = text.in_language(language)
            if written:
                yield f"**{text.field.label}**\n\n{_plain(written)}\n"
            elif text.missing:
                yield f"**{text.field.label}**\n\n{missing} {text.missing}\n"
        if entry.known:
            yield "\n".join(f"- {_plain(line)}" for line in entry.known) + "\n"


def _plain(text: str) -> str:
    """Return a text that is no markup; its line ends stay."""
    lines = (_MARKS.sub(r"\\\1", line) for line in text.splitlines())
    return "  \n".join(re.sub(r"^(\s*)([-+]|\d+[.)])(?=\s)", r"\1\\\2", line) for line in lines)
