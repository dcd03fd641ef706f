"""Gather the texts of each room into its German catalogue, or check that the catalogues are complete.

Texts are English in the sources (`gettext` and its kin in Python, `{% translate %}` and its kin in
templates); their German stands in `src/wegmarke/<room>/locale/de/LC_MESSAGES/django.po`. Without `--check`
the catalogues are brought up to date and compiled: new texts are added without a translation, texts no
longer used are dropped. With `--check` nothing is written, and the exit code is 1 when a catalogue

- lacks a text of the sources, or holds one that is no longer there,
- has a text without a translation or with one marked as fuzzy,
- has a translation whose placeholders or tags differ from those of the text,
- translates a text otherwise than another room does (Django merges the catalogues, so one would win unseen).
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
ROOMS = Path("src/wegmarke")
CATALOGUE = Path("locale/de/LC_MESSAGES/django.po")
TEMPLATE_ENDINGS = {".html", ".txt", ".xml", ".svg"}

_PLURAL = (1, 2)
_CONTEXT = ((1, "c"), 2)
_BOTH = ((1, "c"), 2, 3)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": _BOTH,
    "npgettext_lazy": _BOTH,
}

HEADER = """\
German texts of the room `{room}`.
"""
# %% is a percent sign, not a placeholder; {{ and }} likewise. The space flag is left out: "20 % der Kunden".
PERCENT = re.compile(r"%%|%(?:\((?P<name>\w+)\))?[-#0+]*[\d.*]*[diouxXeEfFgGcrsa]")
BRACE = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)[^{}]*\}")
TAG = re.compile(r"</?[a-z][a-z0-9]*")


def rooms(root: Path) -> list[Path]:
    """Return the folders of all rooms."""
    return sorted(path.parent for path in (root / ROOMS).glob("*/__init__.py"))


def texts_of(room: Path, root: Path) -> Catalog:
    """Return every text of a room with the files it stands in, in the order of the files."""
    catalog = Catalog(locale="de", charset="utf-8")
    for path in sorted(room.rglob("*")):
        if "migrations" in path.parts or "static" in path.parts or not path.is_file():
            continue
        place = path.relative_to(root).as_posix()
        for text, context, comments in _texts_in(path):
            catalog.add(text, locations=[(place, 1)], context=context, auto_comments=comments)
    return catalog


def _texts_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """Yield text, context and notes for translators from one file."""
    if path.suffix == ".py":
        source = path.read_bytes()
    elif path.suffix in TEMPLATE_ENDINGS and "templates" in path.parts:
        source = _as_python(path)
    else:
        return
    found = extract(
        "python",
        io.BytesIO(source),
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for _line, text, comments, context in found:
        if text and (not isinstance(text, tuple) or all(text)):
            yield text, context, comments


def _as_python(path: Path) -> bytes:
    """Return a template as lines of Python that hold its texts only; Django blanks out all else with X."""
    if not settings.configured:
        settings.configure()
    lines = templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines()
    return "\n".join(line.strip() for line in lines if "(" in line).encode()


def read_catalogue(path: Path) -> Catalog:
    """Read a catalogue, an empty one where there is no file."""
    if not path.exists():
        return Catalog(locale="de", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="de", abort_invalid=True)


def key(message: Message) -> tuple[str, str | None]:
    """Return what tells a text from others: its singular and its context."""
    return message.id[0] if isinstance(message.id, tuple) else message.id, message.context


def messages_of(catalog: Catalog) -> dict[tuple[str, str | None], Message]:
    """Return the texts of a catalogue without its header."""
    return {key(message): message for message in catalog if message.id}


def update(room: Path, root: Path) -> int:
    """Bring the catalogue of one room up to date; return how many translations are missing."""
    texts, path = texts_of(room, root), room / CATALOGUE
    known = messages_of(read_catalogue(path))
    if not messages_of(texts):
        path.unlink(missing_ok=True)
        return 0
    fresh = Catalog(
        locale="de", charset="utf-8", fuzzy=False, header_comment=f"# {HEADER.format(room=room.name)}#"
    )
    for identity, message in messages_of(texts).items():
        old = known.get(identity)
        keeps = old is not None and isinstance(old.id, tuple) == isinstance(message.id, tuple)
        fresh.add(
            message.id,
            old.string if old is not None and keeps else None,
            locations=message.locations,
            flags=(message.flags | old.flags if old is not None and keeps else message.flags),
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if old is not None else (),
            context=message.context,
        )
    _write(path, fresh)
    return sum(not _translated(message) for message in messages_of(fresh).values())


def _write(path: Path, catalog: Catalog) -> None:
    """Write a catalogue without dates and line numbers, which would change it at every run."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, include_lineno=False, omit_header=True)
    header = [
        f"{catalog.header_comment}",
        'msgid ""',
        'msgstr ""',
        '"Language: de\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {catalog.plural_forms}\\n"',
    ]
    content = "\n".join(header) + "\n\n" + buffer.getvalue().decode().strip() + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")


def _translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(strings) and all(strings)


def complaints_about(room: Path, root: Path) -> Iterator[str]:
    """Yield what is wrong with the catalogue of one room."""
    texts = messages_of(texts_of(room, root))
    known = messages_of(read_catalogue(room / CATALOGUE))
    for identity, message in texts.items():
        place = message.locations[0][0]
        if identity not in known or isinstance(known[identity].id, tuple) != isinstance(message.id, tuple):
            yield f"{place}: not in the catalogue: {identity[0]!r}"
    for identity, message in known.items():
        name = f"{room.name}: {identity[0]!r}"
        if identity not in texts:
            yield f"{name} is in the catalogue but in no source"
        elif not _translated(message):
            yield f"{name} has no translation"
        elif message.fuzzy:
            yield f"{name} is marked as fuzzy"
        else:
            yield from (f"{name}: {problem}" for problem in differences(message))


def differences(message: Message) -> Iterator[str]:
    """Yield where placeholders, tags or outer spaces of a translation differ from those of its text."""
    if isinstance(message.id, tuple):
        singular, plural = message.id
        wanted = [{_shape(singular), _shape(plural)}, {_shape(plural)}]
    else:
        singular = message.id
        wanted = [{_shape(singular)}]
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    for string, shapes in zip(strings, wanted, strict=True):
        if _shape(string) not in shapes:
            yield f"placeholders, tags or outer spaces differ: {string!r}"


def _shape(text: str) -> tuple[tuple[tuple[str, int], ...], str, str]:
    """Return what text and translation must share: placeholders and tags, in any order, and outer spaces."""
    parts = [
        match.group()
        for pattern in (PERCENT, BRACE, TAG)
        for match in pattern.finditer(text)
        if match.group() not in {"{{", "}}"}
    ]
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return tuple(sorted(Counter(parts).items())), before, after


def contradictions(root: Path) -> Iterator[str]:
    """Yield the texts that two rooms translate differently."""
    said: dict[tuple[str, str | None], tuple[str, object]] = {}
    for room in rooms(root):
        for identity, message in messages_of(read_catalogue(room / CATALOGUE)).items():
            other, string = said.setdefault(identity, (room.name, message.string))
            if string != message.string and _translated(message) and string:
                yield f"{identity[0]!r} is {string!r} in {other} but {message.string!r} in {room.name}"


def check(root: Path) -> list[str]:
    """Return all complaints about all catalogues."""
    complaints = [complaint for room in rooms(root) for complaint in complaints_about(room, root)]
    return complaints + list(contradictions(root))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 when anything is amiss"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("rooms", nargs="*", help="only these rooms are brought up to date (default: all)")
    options = parser.parse_args()
    if options.check:
        complaints = check(options.root)
        print(*complaints, sep="\n", end="\n" if complaints else "")
        print(f"texts: {len(complaints)} complaints" if complaints else "texts: all translated")
        return 1 if complaints else 0
    for room in rooms(options.root):
        if options.rooms and room.name not in options.rooms:
            continue
        missing = update(room, options.root)
        if missing:
            print(f"{room.relative_to(options.root) / CATALOGUE}: {missing} without translation")
    sys.path.insert(0, str(options.root))
    from hatch_build import compile_translations

    compile_translations(options.root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
