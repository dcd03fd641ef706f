"""What a disk may hold after the power fails, from a trace of the calls that wrote to it.

`recorded` runs a command under strace and `Trace` reads what it and its children wrote under one folder. A
state at a moment keeps what was fsynced before it, and of everything else what chance says: a write is there,
gone, half there or zeroes; a name that was made, renamed or removed without an fsync of its folder counts or
does not. That is as much as POSIX allows and more than most file systems do.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

CALLS = (
    *("openat", "creat", "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat", "mkdir", "mkdirat", "rmdir"),
    *("fallocate", "copy_file_range", "sendfile"),
)
NOT_READ = {"writev", "pwritev", "fallocate", "copy_file_range", "sendfile"}
"""Ways to write to a file that nothing here uses; a trace that has one is not believed."""
LINE = re.compile(
    r"(?P<pid>\d+) +(?:<\.\.\. (?P<resumed>\w+) resumed>)?(?:(?P<call>\w+)\()?(?P<rest>.*)", re.DOTALL
)
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
OPENED = re.compile(r"^(?P<number>\d+)<(?P<path>[^>]*)>(?P<gone>\(deleted\))?")
FILE_OF = re.compile(r"= \d+<(?P<path>[^>]*)>$")


def recorded(command: Sequence[str], trace: Path) -> None:
    """Run a command, and write which calls to the disk it and its children made; raises where it fails."""
    quiet = ("-qq", "-e", "signal=none", "--seccomp-bpf", "-f")
    whole = ("-xx", "-y", "-s", "100000000", "-e", f"trace={','.join(CALLS)}", "-o", str(trace))
    subprocess.run(["strace", *quiet, *whole, *command], check=True)


@dataclass(frozen=True, slots=True)
class Change:
    """A write to a file (`length` None) or a cut; done at a line of the trace."""

    done: int
    offset: int
    content: bytes
    length: int | None = None


@dataclass
class File:
    """A file, whatever it is called: what it held at first, what was written since, when it was fsynced."""

    first: bytes = b""
    changes: list[Change] = field(default_factory=list)
    synced: list[tuple[int, int]] = field(default_factory=list)
    """Lines at which an fsync began and returned."""
    size: int = 0

    def write(self, done: int, content: bytes, offset: int | None) -> None:
        """Note a write; without an offset at the end (files are written from their beginning to it)."""
        at = self.size if offset is None else offset
        self.changes.append(Change(done, at, content))
        self.size = max(self.size, at + len(content))

    def cut(self, done: int, length: int) -> None:
        """Note that the file was cut, or made longer with zeroes."""
        self.changes.append(Change(done, 0, b"", length))
        self.size = length


@dataclass(frozen=True, slots=True)
class Naming:
    """A name that now means a file, a folder (`file` None, `made`) or nothing; `before` is one given up."""

    done: int
    path: str
    made: bool
    file: File | None = None
    before: str = ""


def durable(synced: Sequence[tuple[int, int]], moment: int) -> int:
    """Return up to which line everything is on the disk at a moment."""
    return max((begun for begun, returned in synced if returned <= moment), default=-1)


@dataclass
class Trace:
    """All that happened to one folder, from what it held at first."""

    folder: str
    names: dict[str, File] = field(default_factory=dict)
    first: dict[str, File | None] = field(default_factory=dict)
    namings: list[Naming] = field(default_factory=list)
    synced: defaultdict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    marks: list[tuple[int, bytes]] = field(default_factory=list)
    """What was written to the file `mark`, and when."""
    moments: list[int] = field(default_factory=list)
    """The lines at which something changed."""
    syncs: int = 0

    @classmethod
    def read(cls, text: Path, folder: Path, base: Path, mark: Path) -> Trace:
        """Read a trace of what happened to `folder`, which at first held what `base` holds."""
        trace = cls(str(folder))
        for path in sorted(base.rglob("*")):
            name = str(folder / path.relative_to(base))
            file = None if path.is_dir() else File(first=path.read_bytes(), size=path.stat().st_size)
            trace.first[name] = file
            if file:
                trace.names[name] = file
        for begun, done, call, arguments in _calls(text):
            trace._take(begun, done, call, arguments, str(mark))
        return trace

    def _take(self, begun: int, done: int, call: str, arguments: str, mark: str) -> None:
        opened = OPENED.match(arguments)
        path = _plain(opened["path"]) if opened else ""
        if opened and path == mark and call == "write":
            self.marks.append((begun, _text(arguments)))
        ours = opened and path.startswith(self.folder)
        if ours and call in NOT_READ:
            msg = f"{call} of {path} is not understood"
            raise NotImplementedError(msg)
        if ours and not opened["gone"]:
            self._take_opened(begun, done, call, arguments, path)
        elif not opened:
            self._take_names(done, call, arguments)

    def _take_opened(self, begun: int, done: int, call: str, arguments: str, path: str) -> None:
        if call in {"fsync", "fdatasync"}:
            synced = self.names[path].synced if path in self.names else self.synced[path]
            synced.append((begun, done))
            self.syncs += 1
        elif call == "ftruncate":
            self.names[path].cut(done, int(arguments.split(",")[1].partition(")")[0]))
        elif call in {"write", "pwrite64"}:
            given = arguments.rpartition(")")[0].split(", ")
            offset = int(given[-1]) if call == "pwrite64" else None
            self.names[path].write(done, _text(arguments)[: int(arguments.rpartition("= ")[2])], offset)
        self.moments.append(done)

    def _take_names(self, done: int, call: str, arguments: str) -> None:
        paths = [bytes.fromhex(text.replace("\\x", "")).decode() for text in TEXT.findall(arguments)]
        if not paths or not paths[0].startswith(self.folder):
            return
        match call:
            case "openat" | "creat":
                self._open(done, paths[0], arguments)
            case "rename" | "renameat" | "renameat2":
                file = self.names.pop(paths[0])
                self._name(Naming(done, paths[1], made=True, file=file, before=paths[0]))
            case "link" | "linkat":
                self._name(Naming(done, paths[1], made=True, file=self.names[paths[0]]))
            case "mkdir" | "mkdirat":
                self._name(Naming(done, paths[0], made=True))
            case "unlink" | "unlinkat" | "rmdir":
                self.names.pop(paths[0], None)
                self._name(Naming(done, paths[0], made=False))

    def _open(self, done: int, path: str, arguments: str) -> None:
        if "O_CREAT" in arguments and path not in self.names:
            self._name(Naming(done, path, made=True, file=File()))
        elif "O_TRUNC" in arguments:
            self.names[path].cut(done, 0)

    def _name(self, naming: Naming) -> None:
        if naming.file:
            self.names[naming.path] = naming.file
        self.namings.append(naming)
        self.moments.append(naming.done)

    def marked(self, moment: int) -> list[bytes]:
        """Return what was written to the mark before a moment."""
        return [content for at, content in self.marks if at < moment]

    def write_state(self, moment: int, target: Path, rng: random.Random) -> None:
        """Write into an empty folder what the disk may hold when the power fails at a line of the trace."""
        kept = rng.choice((0.0, 0.2, 0.5, 0.8, 1.0))
        names = dict(self.first)
        for naming in self.namings:
            if naming.done > moment:
                break
            parent = naming.path.rpartition("/")[0]
            if naming.done < durable(self.synced[parent], moment) or rng.random() < kept:
                names.pop(naming.before, None)
                names.pop(naming.path, None)
                if naming.made:
                    names[naming.path] = naming.file
        for name, file in sorted(names.items()):
            if not name.endswith("-shm"):  # lies in memory, and SQLite makes it anew
                self._write_one(target / Path(name).relative_to(self.folder), file, moment, (rng, kept))

    def _write_one(
        self, path: Path, file: File | None, moment: int, chance: tuple[random.Random, float]
    ) -> None:
        if not path.parent.is_dir():
            return  # its folder had no durable name
        if file is None:
            path.mkdir()
        else:
            path.write_bytes(content_of(file, moment, *chance))


def content_of(file: File, moment: int, rng: random.Random, kept: float) -> bytes:
    """Return what a file may hold: all that was fsynced, and the rest as chance has it."""
    content = bytearray(file.first)
    for change in file.changes:
        if change.done > moment:
            break
        whole = change.done < durable(file.synced, moment) or rng.random() < kept
        if change.length is not None:
            if whole:
                content = content[: change.length].ljust(change.length, b"\0")
            continue
        half = change.content[: len(change.content) // 2]
        left = change.content if whole else rng.choice((b"", half, bytes(len(change.content))))
        if left:
            content = content.ljust(change.offset, b"\0")
            content[change.offset : change.offset + len(left)] = left
    return bytes(content)


def _calls(text: Path) -> Iterator[tuple[int, int, str, str]]:
    """Return lines of beginning and end, name, arguments and result of each call that did not fail."""
    begun: dict[str, tuple[int, str, str]] = {}
    with text.open() as lines:
        for at, line in zip(count(), lines, strict=False):
            found = LINE.match(line.rstrip("\n"))
            if not found:
                continue
            pid, rest = found["pid"], found["rest"]
            if found["resumed"]:
                first, call, arguments = begun.pop(pid)
                rest = arguments + rest
            elif rest.endswith("<unfinished ...>"):
                begun[pid] = (at, found["call"], rest.removesuffix("<unfinished ...>"))
                continue
            else:
                first, call = at, found["call"]
            if call and " = -1 " not in rest[-80:] and " = ?" not in rest[-8:]:
                yield first, at, call, rest


def _text(arguments: str) -> bytes:
    found = TEXT.search(arguments)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def _plain(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path
