"""Each command in the documentation exists with its options, and the reference says what the commands say."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from house_paths import REPOSITORY

from wegmarke.cli.main import command as wegmarke

PAGES = [*sorted(REPOSITORY.glob("*.md")), *sorted((REPOSITORY / "docs").rglob("*.md"))]
SHELL = re.compile(r"^```(?:sh|console|bash)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4}(?P<line>(?:wegmarke|scripts/)\S*.*)$", re.MULTILINE)


def lines_in(text: str) -> list[str]:
    """Return the command lines of a page, continued lines joined, comments and prompts removed."""
    code = "\n".join([match["code"] for match in SHELL.finditer(text)])
    code += "\n" + "\n".join(match["line"] for match in INDENTED.finditer(text))
    joined = code.replace("\\\n", " ")
    return [line.removeprefix("$ ").strip() for line in joined.splitlines() if line.strip()]


def commands_in(text: str) -> list[list[str]]:
    """Return the words of each call of `wegmarke`, wherever it stands in a line."""
    found = []
    for line in lines_in(text):
        for part in re.split(r"&&|\||;", line):
            words = shlex.split(part, comments=True)
            words = words[: words.index(">")] if ">" in words else words
            if words and words[0] == "wegmarke":
                found.append(words[1:])
    return found


def scripts_in(text: str) -> set[str]:
    return {
        match
        for line in lines_in(text)
        for match in re.findall(r"(?:^|\s)((?:scripts|benchmarks)/[\w.]+)", line)
    }


def complaint_about(words: list[str]) -> str | None:
    """Parse a call as the command would, without running it; return what is wrong."""
    command: click.Command = wegmarke()
    context = click.Context(command, info_name="wegmarke")
    while isinstance(command, click.Group):
        if not words or words[0].startswith("-"):
            return None
        name, *words = words
        below = command.get_command(context, name)
        if below is None:
            return f"there is no command {name}"
        command, context = below, click.Context(below, info_name=name, parent=context)
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    known |= set(context.help_option_names)
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in known]
    return f"{command.name} has no {', '.join(unknown)}" if unknown else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_the_commands_on_a_page_exist(page):
    text = page.read_text(encoding="utf-8")
    assert [found for words in commands_in(text) if (found := complaint_about(words))] == []
    assert [script for script in scripts_in(text) if not (REPOSITORY / script).is_file()] == []


def test_a_wrong_command_would_be_found():
    assert complaint_about(["analyse", "events.csv", "--no-such-option"])
    assert complaint_about(["no-such-command"])
    assert complaint_about(["analyse", "events.csv", "--horizon-days", "30"]) is None
    text = "```sh\ncat x | wegmarke analyse - \\\n  --out there > log\n```\n\n    scripts/nothing --quick\n"
    assert commands_in(text) == [["analyse", "-", "--out", "there"]]
    assert scripts_in(text) == {"scripts/nothing"}


def test_the_reference_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "scripts/reference.py", "--check"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_is_in_the_guide():
    guide = "\n".join(
        page.read_text(encoding="utf-8") for page in (REPOSITORY / "docs" / "guide").glob("*.md")
    )
    names = wegmarke().list_commands(click.Context(wegmarke()))
    assert "analyse" in names
    assert [name for name in names if f"wegmarke {name}" not in guide] == []


def test_the_scripts_of_this_repository_can_be_run():
    scripts = [path for path in Path(REPOSITORY / "scripts").iterdir() if path.is_file() and not path.suffix]
    assert scripts
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []
