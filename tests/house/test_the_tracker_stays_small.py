"""The tracker is under 4 kB as browsers load it, needs nothing else, and is what its source says."""

from __future__ import annotations

import gzip
import re

import pytest

MOST_BYTES = 4_000


def built(build_hook, repository):
    return repository / build_hook.TRACKER.parent / "built" / "t.js"


def test_the_tracker_is_under_four_kilobytes(build_hook, repository):
    assert len(gzip.compress(built(build_hook, repository).read_bytes(), 9)) < MOST_BYTES


def test_the_tracker_needs_nothing_else(build_hook, repository):
    for path in (built(build_hook, repository), repository / build_hook.TRACKER):
        text = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert not re.search(
            r"\bimport\b|\brequire\(|\beval\(|new Function|createElement|document\.cookie", text
        )


def test_the_tracker_reads_no_contents_of_fields(build_hook, repository):
    text = (repository / build_hook.TRACKER).read_text(encoding="utf-8")
    contents = (
        r"\.(value|valueAs\w+|checked|files|selected\w*|textContent|innerText|innerHTML|outerHTML|key|data)\b"
    )
    assert re.findall(contents, text.replace("script?.dataset.key", "")) == []


def test_a_tracker_that_is_no_script_stops_the_build(build_hook, tmp_path):
    source = tmp_path / build_hook.TRACKER
    source.parent.mkdir(parents=True)
    source.write_text("const = ;", encoding="utf-8")
    terser = tmp_path / "terser" / "bin" / "terser"
    terser.parent.mkdir(parents=True)
    terser.write_text("new Function(require('fs').readFileSync(process.argv[2]))", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"(?s)could not be minified.*SyntaxError"):
        build_hook._minify(tmp_path, tmp_path)
    assert not built(build_hook, tmp_path).exists()
