"""Secrets and the database come from the environment and the data folder."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from wegmarke.site.environment import database, hosts, secret_key


def test_without_a_key_each_process_makes_its_own_and_none_is_known_to_the_world(tmp_path):
    assert secret_key({}, tmp_path) != secret_key({}, tmp_path)
    assert len(secret_key({}, tmp_path)) >= 50


def test_the_key_comes_from_the_file_and_the_environment_goes_before(tmp_path):
    (tmp_path / "secret").write_text("from-the-file\n")
    assert secret_key({}, tmp_path) == "from-the-file"
    assert secret_key({"WEGMARKE_SECRET_KEY": "given"}, tmp_path) == "given"


def test_sqlite_syncs_every_commit_and_wipes_what_is_deleted(tmp_path):
    entry = database({}, tmp_path)
    assert entry["NAME"] == tmp_path / "wegmarke.sqlite3"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        assert pragma in entry["OPTIONS"]["init_command"]


def test_a_postgresql_address_is_taken_apart(tmp_path):
    address = "postgresql://weg%40marke:p%2Fw@db.example:6432/touch%20points?sslmode=require"
    entry = database({"WEGMARKE_DATABASE_URL": address}, tmp_path)
    assert entry["ENGINE"].endswith("postgresql")
    assert (entry["USER"], entry["PASSWORD"]) == ("weg@marke", "p/w")
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example", "6432", "touch points")
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:geheim@h/n",
        "postgresql://u:geheim@h",
        "u:geheim",
        "postgresql://u:geheim/er@h/n",  # a slash that was not encoded turns the password into a port
        "postgresql://u:geheim]@h/n",
        "postgresql://u:p@h:geheim/n",
    ],
)
def test_a_strange_address_is_refused_without_repeating_its_password(address, tmp_path):
    with pytest.raises(ImproperlyConfigured) as refused:
        database({"WEGMARKE_DATABASE_URL": address}, tmp_path)
    assert "geheim" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_names_of_the_site_may_stand_apart_and_without_any_it_is_this_machine():
    assert hosts({"WEGMARKE_HOSTS": "a.example, b.example,"}) == ["a.example", "b.example"]
    for nothing in ({}, {"WEGMARKE_HOSTS": ""}, {"WEGMARKE_HOSTS": " , "}):
        assert hosts(nothing) == ["127.0.0.1", "localhost", "[::1]"]
