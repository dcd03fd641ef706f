"""The demo company: made once, its password new at each start, never mixed with real data."""

from __future__ import annotations

import click
import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from wegmarke.cli import demo_company
from wegmarke.demo import services


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Count how often the company is made instead of making it; it leaves something in the folder."""
    times = []

    def make(**_arguments):
        (tmp_path / "demo-data" / "log").mkdir()
        times.append(1)

    monkeypatch.setattr(services, "create_demo_company", make)
    return times


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "demo-data"
    demo_company.mark(folder)
    return folder


@pytest.mark.django_db(transaction=True)
def test_a_finished_company_is_kept(folder, made):
    demo_company.make_once(folder)
    (folder / "log" / "part").touch()
    demo_company.mark(folder)
    demo_company.clear_unfinished(folder)
    demo_company.make_once(folder)
    assert len(made) == 1
    assert (folder / "log" / "part").exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_was_broken_off_is_cleared_and_made_again(folder, made):
    (folder / "log").mkdir()
    (folder / "log" / "half").touch()
    (folder / "wegmarke.sqlite3").touch()
    demo_company.clear_unfinished(folder)
    assert {path.name for path in folder.iterdir()} == {"demo"}
    demo_company.make_once(folder)
    assert len(made) == 1


@pytest.mark.parametrize("name", ["wegmarke.sqlite3", "letters.txt"])
def test_a_folder_with_anything_else_is_left_alone(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(click.UsageError, match="--data"):
        demo_company.refuse_a_real_installation(tmp_path)
    assert (tmp_path / name).exists()


def test_a_new_an_empty_and_a_demo_folder_are_fine(tmp_path, folder):
    for one in (tmp_path / "new", folder):
        demo_company.refuse_a_real_installation(one)
    (tmp_path / "empty").mkdir()
    demo_company.refuse_a_real_installation(tmp_path / "empty")


def test_the_database_of_a_company_is_never_filled_with_the_demo(folder, monkeypatch):
    monkeypatch.setenv("WEGMARKE_DATABASE_URL", "postgresql://u:p@h/n")
    with pytest.raises(click.UsageError, match="WEGMARKE_DATABASE_URL"):
        demo_company.refuse_a_real_installation(folder)


@pytest.mark.django_db(transaction=True)
def test_each_start_prints_a_password_of_its_own_and_ends_the_last_one():
    request = RequestFactory().post("/")
    first, second = demo_company.log_in(), demo_company.log_in()
    assert first.username == second.username == "demo"
    assert authenticate(request, username="demo", password=first.password) is None
    assert authenticate(request, username="demo", password=second.password).username == "demo"
