"""Building compiles translations and fetches browser assets once per lock file."""

from __future__ import annotations

import gettext
import os
import re

import pytest
from babel.messages.pofile import PoFileError

TRACKER = "src/wegmarke/capture/tracker/tracker.js"
CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "journey"\nmsgstr "Weg"\n'


@pytest.fixture
def tree(tmp_path, repository):
    for name in ("package.json", "package-lock.json", "hatch_build.py", TRACKER):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((repository / name).read_bytes())
    catalogue = tmp_path / "src" / "wegmarke" / "ui" / "locale" / "de" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    return tmp_path


def test_translations_are_compiled(build_hook, tree):
    (compiled,) = build_hook.compile_translations(tree)
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("journey") == "Weg"


def test_they_are_compiled_again_only_when_changed(build_hook, tree):
    (compiled,) = build_hook.compile_translations(tree)
    assert build_hook.compile_translations(tree) == []
    later = compiled.stat().st_mtime + 1
    os.utime(compiled.with_suffix(".po"), (later, later))
    assert build_hook.compile_translations(tree) == [compiled]


def test_a_compiled_catalogue_does_not_name_the_minute_it_was_made(build_hook, tree):
    (compiled,) = build_hook.compile_translations(tree)
    assert b"POT-Creation-Date: 2026-01-01 00:00+0000" in compiled.read_bytes()


@pytest.mark.parametrize(
    "broken",
    [
        'msgid "journey"\nmsgstr "Weg\n',
        'msgid "journey"\nmsgstr Weg\n',
        "<<<<<<< ours\n",
        'msgid "journey"\nmsgid "way"\nmsgstr "Weg"\n',
    ],
)
def test_a_broken_catalogue_stops_the_build(build_hook, tree, broken):
    next(tree.rglob("*.po")).write_text(CATALOGUE + broken, encoding="utf-8")
    with pytest.raises((ValueError, PoFileError), match=r"line|msgstr"):
        build_hook.compile_translations(tree)
    assert not list(tree.rglob("*.mo"))


def serve_packages(monkeypatch, build_hook):
    """Stand in for npm, which would need the network: lay the files it would install."""
    calls = []

    def npm_ci(root, work):
        calls.append(root)
        for name in build_hook.FILES:
            path = work / "node_modules" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"code\n//# sourceMappingURL=code.js.map")

    monkeypatch.setattr(build_hook, "npm_ci", npm_ci)
    monkeypatch.setattr(build_hook, "_minify", lambda *_given: None)
    return calls


def test_browser_assets_are_fetched_once_per_lock_file(build_hook, tree, monkeypatch):
    calls = serve_packages(monkeypatch, build_hook)
    assert build_hook.fetch_browser_assets(tree)
    assert not build_hook.fetch_browser_assets(tree)
    assert len(calls) == 1
    (tree / "package-lock.json").write_text("{}", encoding="utf-8")
    assert build_hook.fetch_browser_assets(tree)
    assert len(calls) == 2
    (tree / TRACKER).write_text("", encoding="utf-8")
    assert build_hook.fetch_browser_assets(tree)
    assert len(calls) == 3


def test_assets_come_without_the_source_maps_they_name(build_hook, tree, monkeypatch):
    serve_packages(monkeypatch, build_hook)
    build_hook.fetch_browser_assets(tree)
    for name in build_hook.FILES.values():
        assert (tree / build_hook.VENDOR / name).read_bytes() == b"code\n"


def test_each_asset_comes_with_its_licence(build_hook):
    names = [*build_hook.FILES.values(), *build_hook.TEXTS]
    for folder in {name.split("/")[0] for name in names}:
        assert f"{folder}/LICENSE.txt" in names


def test_the_assets_in_this_tree_are_those_of_the_lock_file(build_hook, repository):
    vendor = repository / build_hook.VENDOR
    assert (vendor / build_hook.STAMP).read_text(encoding="ascii") == build_hook._stamp(repository)
    banner = (vendor / "tabler" / "tabler.min.css").read_text(encoding="utf-8")[:200]
    version = re.search(
        r'"@tabler/core": "([^"]+)"', (repository / "package.json").read_text(encoding="utf-8")
    )
    assert version is not None
    assert f"Tabler v{version[1]}" in banner


def test_a_failing_npm_is_told_with_its_reason(build_hook, tree, tmp_path_factory):
    (tree / "package-lock.json").write_text("no lock file", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"(?s)could not fetch.*npm error"):
        build_hook.npm_ci(tree, tmp_path_factory.mktemp("npm"))
