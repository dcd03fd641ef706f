"""On PostgreSQL, what was deleted is overwritten only when nothing that still runs may see it."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from wegmarke.people.erasure import overwriting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes its file anew"),
]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(overwriting, "ATTEMPTS", 2)


def connected(database: str) -> psycopg.Connection:
    parameters = connection.get_connection_params()
    known = {name: parameters[name] for name in ("host", "port", "user", "password") if parameters.get(name)}
    return psycopg.connect(dbname=database, **known)


@pytest.mark.parametrize("elsewhere", [True, False], ids=["in another database", "in this database"])
def test_a_transaction_that_began_before_is_waited_for(elsewhere):
    with connected("postgres" if elsewhere else connection.settings_dict["NAME"]) as other:
        other.execute("SELECT pg_current_xact_id()")
        assert not overwriting.overwrite()
        other.commit()


def test_a_reader_of_the_state_before_is_waited_for():
    with connected(connection.settings_dict["NAME"]) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute("SELECT 1")
        assert not overwriting.overwrite()
        other.rollback()


def overwritten() -> bool:
    """Return whether it succeeds in a while; other tests of this server have transactions of their own."""
    return any(overwriting.overwrite() for _attempt in range(100))


def test_without_older_transactions_it_is_done():
    assert overwritten()
