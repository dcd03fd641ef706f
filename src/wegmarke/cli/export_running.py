"""What `wegmarke export` does."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wegmarke.cli import installation
from wegmarke.cli.complaints import RequestError
from wegmarke.cli.language import gettext as _
from wegmarke.cli.plan_running import enter

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    segment: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    case_gap: float | None = None


def write_log(folder: Path, target: Path, wanted: Wanted) -> None:
    """Write the event log, whole or not at all. Raises `RequestError`."""
    enter(installation.existing_folder(folder))
    from wegmarke.insights import queries
    from wegmarke.insights.contracts import NoSuchAttributeError, Selection

    attribute, equals, label = (wanted.segment or "").partition("=")
    if wanted.segment is not None and not equals:
        raise RequestError(_("--segment is of the form attribute=value."))
    selection = Selection(
        attribute=attribute or None,
        label=label or None,
        since=wanted.since and wanted.since.replace(tzinfo=UTC),
        until=wanted.until and wanted.until.replace(tzinfo=UTC),
        case_gap_days=wanted.case_gap,
    )
    try:
        _write(target, queries.event_log(selection))
    except NoSuchAttributeError:
        message = _("Nobody has %(segment)s; the attributes are those the plan names.")
        raise RequestError(message % {"segment": wanted.segment}) from None


def _write(target: Path, blocks: Iterator[bytes]) -> None:
    draft = None
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as out:
            draft = Path(out.name)
            for block in blocks:
                out.write(block)
        draft.replace(target)
    except OSError as error:
        message = _("%(file)s cannot be written (%(why)s).") % {"file": target, "why": error.strerror}
        raise RequestError(message) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
