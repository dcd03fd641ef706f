"""What settings read from the environment, as pure functions of it and of the data folder."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def secret_key(environment: Mapping[str, str], data: Path) -> str:
    """Return the key sessions are signed with: given, from the file `secret`, or good for this process only.

    There is deliberately no constant to fall back to: a key everyone can read in the source signs nothing.
    """
    given = environment.get("WEGMARKE_SECRET_KEY", "").strip()
    if given:
        return given
    file = data / "secret"
    if file.exists():
        return file.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(50)


def hosts(environment: Mapping[str, str]) -> list[str]:
    """Return the names this installation answers to; this machine's own where none is given."""
    given = [name.strip() for name in environment.get("WEGMARKE_HOSTS", "").split(",")]
    return [name for name in given if name] or ["127.0.0.1", "localhost", "[::1]"]


def database(environment: Mapping[str, str], data: Path) -> dict[str, Any]:
    """Return Django's entry for the operational database: PostgreSQL by address, else one SQLite file."""
    address = environment.get("WEGMARKE_DATABASE_URL", "").strip()
    return postgresql(address) if address else sqlite(data)


def sqlite(data: Path) -> dict[str, Any]:
    """Return the entry for the SQLite file in the data folder.

    WAL with synchronous FULL: in WAL mode NORMAL does not fsync each commit, so power loss would take
    acknowledged work. Immediate transactions: a late upgrade from read to write could fail at once.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "wegmarke.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


def postgresql(address: str) -> dict[str, Any]:
    """Return the entry for `postgresql://user:password@host:port/name?sslmode=…`.

    The address is never repeated in the error: it holds a password.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # its own message would show what stands where the port should, part of a password
        parts, port = urlsplit(""), None
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        message = "WEGMARKE_DATABASE_URL must look like postgresql://user:password@host:5432/name"
        raise ImproperlyConfigured(message)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
