"""Who is at the other end of a request: the browser itself, or a proxy that speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address a request comes from, for counting wrong passwords.

    Only with a proxy in front (`WEGMARKE_HTTPS=1`) is `X-Forwarded-For` believed, and of it only the last
    entry: that one the proxy has written, those before it anybody may have sent.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER is None:
        return direct
    return request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or direct
