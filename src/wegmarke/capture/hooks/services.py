"""What can be done to webhooks, each in one transaction."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wegmarke.capture.hooks.contracts import HookMapping, NoSuchWebhookError, Scheme
from wegmarke.capture.hooks.mail import BASIC, PROVIDERS
from wegmarke.capture.hooks.secrets import new_secret, seal, usable
from wegmarke.capture.hooks.table import Webhook
from wegmarke.capture.sources import services as sources
from wegmarke.team.contracts import Role, require_role

if TYPE_CHECKING:
    from datetime import datetime

    from wegmarke.team.models import User

_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,80}")


@transaction.atomic
def add_webhook(  # noqa: PLR0913 - the fields of the form, by keyword
    *,
    name: str,
    scheme: Scheme,
    header: str = "",
    provider: str = "",
    secret: str = "",
    mapping: HookMapping | None = None,
    by: User | None,
    now: datetime,
) -> tuple[int, str]:
    """Add a source with a webhook; return its number and the secret, which is shown this once.

    Raises `ValidationError`: a name that is taken, a header or secret that cannot be one.
    """
    require_role(by, Role.ADMIN)
    if scheme is Scheme.MAIL and provider not in PROVIDERS:
        raise ValidationError(_("Please choose a provider."))
    if scheme in {Scheme.STAMPED, Scheme.BODY} and not _HEADER.fullmatch(header):
        raise ValidationError(_("Please name the header that carries the signature."))
    source = sources.add_source(name=name, by=by, now=now)
    text = _secret(scheme, provider, secret)
    Webhook.objects.create(
        source_id=source,
        token=secrets.token_urlsafe(24),
        scheme=scheme,
        header=header if scheme in {Scheme.STAMPED, Scheme.BODY} else "",
        provider=provider if scheme is Scheme.MAIL else "",
        secret=seal(text),
        mapping=(mapping or HookMapping()).as_dict(),
    )
    return source, text


@transaction.atomic
def change_secret(*, source: int, secret: str = "", by: User | None) -> str:
    """Take another secret, from now on the only one; return it.

    Raises `NoSuchWebhookError`, `ValidationError`.
    """
    require_role(by, Role.ADMIN)
    row = _webhook(source)
    text = _secret(Scheme(row.scheme), row.provider, secret)
    row.secret = seal(text)
    row.save(update_fields=["secret"])
    return text


@transaction.atomic
def save_mapping(*, source: int, mapping: HookMapping, by: User | None) -> None:
    """Say what bodies mean: those that wait, that come, and that were refused and are read again."""
    require_role(by, Role.EDITOR)
    row = _webhook(source)
    row.mapping = mapping.as_dict()
    row.save(update_fields=["mapping"])


def _secret(scheme: Scheme, provider: str, given: str) -> str:
    text = given.strip()
    if not text:
        if scheme is Scheme.MAIL and PROVIDERS[provider][2] != BASIC:
            raise ValidationError(_("Please enter the signing key that the provider shows you."))
        return new_secret(scheme)
    if not text.isascii() or not usable(scheme, text):
        raise ValidationError(_("This cannot be a secret of this kind."))
    if scheme is Scheme.MAIL and PROVIDERS[provider][2] == BASIC and ":" not in text:
        raise ValidationError(_("Please enter it as name:password."))
    return text


def _webhook(source: int) -> Webhook:
    row = Webhook.objects.select_for_update().filter(source=source).first()
    if row is None:
        raise NoSuchWebhookError(source)
    return row
