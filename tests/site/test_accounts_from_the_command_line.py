"""`wegmarke account`: whoever sits at the machine looks after accounts without logging in."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.contrib.auth.hashers import check_password

from support.serving import environment, wegmarke
from wegmarke.cli import accounts
from wegmarke.team.contracts import Role

MAKE = """
import sys
from pathlib import Path
from wegmarke.cli import installation
folder = Path(sys.argv[1])
installation.make_folder(folder)
installation.configure(folder)
from django.core.management import call_command
call_command("migrate", *sys.argv[2:], interactive=False, verbosity=0)
"""


def make(folder, *more: str) -> None:
    subprocess.run([sys.executable, "-c", MAKE, str(folder), *more], env=environment(), check=True)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return the folder of an installation without accounts."""
    folder = tmp_path_factory.mktemp("installation") / "data"
    make(folder)
    return folder


def account(data, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return wegmarke("account", *words, "--data", data, **more)


def password_in(done) -> str:
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Password: ")]
    return line.removeprefix("Password: ")


def ask(data, question: str, *values: str):
    with closing(sqlite3.connect(data / "wegmarke.sqlite3")) as database:
        return database.execute(question, values).fetchone()


def test_an_account_is_added_listed_and_given_a_new_password(data):
    done = account(
        data, "add", "kim", "--role", "editor", "--department", "Service", "--mail", "k@example.com"
    )
    assert done.returncode == 0, done.stderr
    hashed, role = ask(data, "SELECT password, role FROM team_user WHERE username = ?", "kim")
    assert check_password(password_in(done), hashed)
    assert role == "editor"
    (line,) = [line for line in account(data, "list").stdout.splitlines() if line.startswith("kim")]
    assert line.split() == ["kim", "editor", "Service", "never", "logged", "in", "active", "kim"]
    fresh = password_in(account(data, "password", "kim"))
    (hashed,) = ask(data, "SELECT password FROM team_user WHERE username = ?", "kim")
    assert check_password(fresh, hashed)
    assert ask(data, "SELECT count(*) FROM team_accountchange WHERE account = ? AND by = ''", "kim") == (2,)


def test_the_role_is_changed_but_not_that_of_the_last_administrator(data):
    account(data, "add", "ada", "--role", "admin")
    account(data, "add", "eva", "--role", "admin")
    assert "now has the role viewer" in account(data, "role", "eva", "viewer").stdout
    refused = account(data, "role", "ada", "editor", LC_ALL="de_DE.UTF-8")
    assert refused.returncode == 1
    assert "ada ist das einzige aktive Konto mit der Rolle „Verwalten“." in refused.stderr
    assert ask(data, "SELECT role FROM team_user WHERE username = ?", "ada") == ("admin",)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["password", "nobody"], "There is no account named nobody."),
        (["role", "nobody\x1b[31m", "viewer"], "There is no account named nobody[31m."),
        (["role", "nobody", "owner"], "'owner' is not one of"),
        (["add", "k s"], "Enter a valid username."),
        (["add", "lee", "--mail", "lee"], "Enter a valid email address."),
    ],
)
def test_what_cannot_be_done_is_said_on_one_line(data, words, said):
    done = account(data, *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_made_where_nothing_is(tmp_path):
    done = account(tmp_path / "nowhere", "list")
    assert "wegmarke serve makes it" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_version_is_left_alone(tmp_path):
    make(tmp_path / "old", "team", "0001")
    done = account(tmp_path / "old", "add", "kim")
    assert done.returncode == 2
    assert "Start wegmarke serve once" in done.stderr


def test_the_roles_of_the_command_line_are_those_there_are():
    assert list(accounts.ROLES) == Role.values
