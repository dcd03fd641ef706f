"""Personal values at rest: sealed before they reach a disk, opened where somebody may see them.

AES-256-GCM with a fresh nonce for each value, so equal values do not look equal. A sealed value names its
key, so a new key can be put before older ones, which go on opening what they sealed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAGIC: Final = b"\0wm1"
TEXT: Final = "sealed:wm1:"
KEY_BYTES: Final = 32
NAME_BYTES: Final = 4
NONCE_BYTES: Final = 12


class SealedError(RuntimeError):
    """A value cannot be opened: its key is not there, or it was changed."""


class Keyring:
    """Keys by their names; the first seals, all of them open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take keys of 32 bytes, at least one."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            msg = f"a field key has {KEY_BYTES} bytes"
            raise ValueError(msg)
        self._ciphers = {_name(key): AESGCM(key) for key in reversed(keys)}
        self._first = _name(keys[0])

    def seal(self, content: bytes) -> bytes:
        """Return the content sealed with the first key."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return MAGIC + self._first + nonce + self._ciphers[self._first].encrypt(nonce, content, MAGIC)

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed; what is not sealed is returned as it is. Raises `SealedError`."""
        if not sealed.startswith(MAGIC):
            return sealed
        name = sealed[len(MAGIC) : len(MAGIC) + NAME_BYTES]
        rest = sealed[len(MAGIC) + NAME_BYTES :]
        cipher = self._ciphers.get(name)
        if cipher is None:
            msg = f"sealed with the field key {name.hex()}, which is not among the keys of this installation"
            raise SealedError(msg)
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], MAGIC)
        except (InvalidTag, ValueError) as error:
            msg = f"a value sealed with the field key {name.hex()} was changed"
            raise SealedError(msg) from error

    def seal_text(self, text: str) -> str:
        """Return a text sealed, as a text."""
        return TEXT + base64.urlsafe_b64encode(self.seal(text.encode("utf-8", "surrogatepass"))).decode()

    def open_text(self, text: str) -> str:
        """Return the text that was sealed; any other text is returned as it is. Raises `SealedError`."""
        if not text.startswith(TEXT):
            return text
        try:
            sealed = base64.urlsafe_b64decode(text[len(TEXT) :].encode())
        except (binascii.Error, UnicodeEncodeError):
            return text  # somebody sent this as a value: nothing of ours
        return self.open(sealed).decode("utf-8", "surrogatepass") if sealed.startswith(MAGIC) else text


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"wegmarke field key" + key).digest()[:NAME_BYTES]


def parsed(text: str) -> tuple[bytes, ...]:
    """Read keys as an installation gives them: base64, the newest first, by lines or commas."""
    try:
        keys = tuple(
            base64.urlsafe_b64decode(one.encode("ascii")) for one in text.replace(",", "\n").split() if one
        )
    except (binascii.Error, UnicodeEncodeError):
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        msg = f"field keys have to be {KEY_BYTES} bytes each, written in base64"
        raise ValueError(msg)
    return keys


def keyring() -> Keyring:
    """Return the keys of this installation: WEGMARKE_FIELD_KEY, or the file `field.key`, made if needed."""
    from django.conf import settings

    given = os.environ.get("WEGMARKE_FIELD_KEY", "").strip()
    return _given(given) if given else _of_file(settings.DATA_DIR / "field.key")


@lru_cache(maxsize=4)
def _given(text: str) -> Keyring:
    return Keyring(parsed(text))


@lru_cache(maxsize=64)
def _of_file(file: Path) -> Keyring:
    if not file.exists():
        _make(file)
    return Keyring(parsed(file.read_text(encoding="ascii")))


def _make(file: Path) -> None:
    """Write a new key, readable by its owner only; where two do it at once, the first counts.

    It is durable before anything is sealed with it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(written, file)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
