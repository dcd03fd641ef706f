"""What `wegmarke plan` does, on an installation that may have no server running."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from wegmarke.cli import installation
from wegmarke.cli.complaints import RequestError
from wegmarke.cli.harmless import harmless, spelled_out
from wegmarke.cli.language import gettext as _
from wegmarke.cli.language import prepare_django
from wegmarke.cli.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    from wegmarke.atlas.changes import ItemWords
    from wegmarke.plan.contracts import Change, Plan

_SIGNS = {"new": ("+", "green"), "gone": ("-", "red"), "changed": ("~", "yellow")}
LONGEST_COMMENT = 500
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Compared:
    """A document beside the plan as it stands; `version` is 0 where there is no plan yet."""

    plan: Plan
    before: Plan | None
    version: int
    changes: tuple[Change, ...]


def exported(data: Path, *, version: int | None, plain: bool) -> str:
    """Return the document of the newest plan or of one version; raises `RequestError` without one."""
    enter(installation.existing_folder(data))
    from django.utils.translation import gettext

    from wegmarke.plan import documents, queries

    try:
        found = queries.current() if version is None else queries.version(version)
    except queries.NoSuchVersionError:
        message = _("There is no version %(version)s of the plan.") % {"version": version}
        raise RequestError(message) from None
    if found is None:
        raise RequestError(_("There is no plan yet."))
    return documents.dump(found.plan, explained=None if plain else gettext, check=False)


def write(target: Path, text: str) -> None:
    """Write a file, whole or not at all."""

    def content(out: TextIO) -> None:
        out.write(text)

    write_all({target: content})


def compared(data: Path, document: Path, *, make: bool = False) -> Compared:
    """Read a document and compare the plan with it; with `make`, a missing installation is made.

    The document is read first: one with a mistake makes no folder.
    """
    plan = _read(document)
    if make:
        installation.make_folder(data)
    enter(installation.existing_folder(data), make=make)
    from wegmarke.plan import parts, queries

    current = queries.current()
    before = None if current is None else current.plan
    return Compared(
        plan=plan,
        before=before,
        version=0 if current is None else current.version,
        changes=parts.changes_between(before, plan),
    )


def _read(document: Path) -> Plan:
    """Load a document; needs no installation, so that mistakes are told before one is looked for."""
    from wegmarke.plan.documents import PlanDocumentError, load

    try:
        return load(sys.stdin.read() if str(document) == "-" else document)
    except PlanDocumentError as error:
        prepare_django()
        from django.utils.translation import gettext

        raise RequestError("\n".join(error.lines(gettext))) from None


def enter(folder: Path, *, make: bool = False) -> None:
    """Set up Django on an installation. Raises `RequestError` where its database is not of this version."""
    installation.configure(folder)
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise RequestError(_("The database cannot be used: %(reason)s") % {"reason": reason}) from None
    if behind and make and not executor.loader.applied_migrations:
        with installation.only_one(folder):
            installation.prepare(folder)
    elif behind:
        message = _("The database in %(folder)s is not of this version; start wegmarke serve once.")
        raise RequestError(message % {"folder": folder})


def lines(found: Compared) -> Iterator[str]:
    """Yield the difference in words, coloured; where nothing differs, one line that says so."""
    from wegmarke.atlas import changes

    items = changes.in_words(found.changes, found.before, found.plan)
    if not items:
        yield _("The plan is as the document says.")
        return
    if found.version:
        yield _("Against version %(version)s:") % {"version": found.version} + f" {changes.summary(items)}"
    else:
        yield _("There is no plan yet:") + f" {changes.summary(items)}"
    for item in items:
        yield from _item(item)


def _item(item: ItemWords) -> Iterator[str]:
    sign, color = _SIGNS[item.state.value]
    yield click.style(f"{sign} {_line(item.title)}", fg=color, bold=True)
    for field in item.fields:
        sides = [_line(side) for side in (field.before, field.after, field.said)]
        changed = item.state == "changed" and not field.said
        said = " → ".join(side or NOTHING for side in sides[:2]) if changed else "".join(sides)
        yield f"    {field.name}: {said}"


def _line(text: str) -> str:
    return harmless(" ".join(text.split()))


def as_json(found: Compared) -> str:
    """Return the difference for programs: fields and values as they are called in documents."""
    changes = [
        {
            "kind": one.kind or "plan",
            "key": one.key,
            "field": one.name,
            "before": one.before,
            "after": one.after,
        }
        for one in found.changes
    ]
    answer = {"version": found.version, "differs": bool(changes), "changes": changes}
    return spelled_out(json.dumps(answer, indent=2, ensure_ascii=False))


def applied(found: Compared, *, comment: str) -> int:
    """Save the plan of a document and return the version; refuses where the plan was changed meanwhile."""
    from django.utils import timezone

    from wegmarke.plan import services

    if len(comment) > LONGEST_COMMENT:
        message = _("The comment is longer than %(most)s characters.") % {"most": LONGEST_COMMENT}
        raise RequestError(message)
    try:
        saved = services.save(
            found.plan, by=None, now=timezone.now(), comment=comment, based_on=found.version
        )
    except services.PlanChangedError:
        message = _("Somebody saved another version since this difference was shown; nothing was applied.")
        raise RequestError(message) from None
    return saved.version
