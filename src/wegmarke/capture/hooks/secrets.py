"""Secrets of webhooks: sealed in the database with the secret of the site, and how signatures are checked.

Every check takes the time of a whole comparison, and says yes or no and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from standardwebhooks import Webhook as Standard
from standardwebhooks import WebhookVerificationError

from wegmarke.capture.hooks.contracts import Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TOLERANCE: Final = 300.0
"""Seconds a signed time may be off."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The sender is who it says; `id` is the id of the delivery where that is signed as well."""

    id: str = ""


def seal(secret: str) -> str:
    """Return a secret as the database keeps it."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret; where that of the site has changed, one that nothing was ever signed with."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return secrets.token_urlsafe(32)


def _fernet() -> Fernet:
    key = hashlib.sha256(b"wegmarke webhooks\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def new_secret(scheme: Scheme) -> str:
    """Make a secret of the form the scheme wants."""
    if scheme is Scheme.STANDARD:
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    if scheme is Scheme.MAIL:
        return f"wegmarke:{secrets.token_urlsafe(24)}"
    return secrets.token_urlsafe(32)


def usable(scheme: Scheme, secret: str) -> bool:
    """Say whether a secret given by hand has the form the scheme wants."""
    try:
        return bool(secret) and (scheme is not Scheme.STANDARD or bool(Standard(secret)))
    except (ValueError, RuntimeError):
        return False


def verified(  # noqa: PLR0913 - a request and what it is held against
    scheme: Scheme, secret: str, *, header: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> Verified | None:
    """Say whether the body was signed with the secret, and lately where a time is signed."""
    if scheme is Scheme.STANDARD:
        return _standard(secret, headers, body)
    given = headers.get(header.lower(), "")
    if scheme is Scheme.STAMPED:
        return _stamped(secret, given, body, now.timestamp())
    good = hmac.compare_digest(
        _signature(secret, body), _ascii(given.strip().removeprefix("sha256=").lower())
    )
    return Verified() if good else None


def _standard(secret: str, headers: Mapping[str, str], body: bytes) -> Verified | None:
    try:
        Standard(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError, TypeError, RuntimeError):
        return None
    return Verified(headers["webhook-id"])


def _stamped(secret: str, given: str, body: bytes, now: float) -> Verified | None:
    parts = [part.strip().partition("=") for part in given.split(",")]
    stamp = next((text for key, _is, text in parts if key == "t"), "")
    expected = _signature(secret, stamp.encode("ascii", "replace") + b"." + body)
    matches = [hmac.compare_digest(expected, _ascii(text)) for key, _is, text in parts if key == "v1"]
    recent = stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and abs(now - int(stamp)) <= TOLERANCE  # noqa: PLR2004 - seconds
    return Verified() if any(matches) and recent else None


def _signature(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()


def _ascii(text: str) -> bytes:
    return text.encode("ascii", "replace")
