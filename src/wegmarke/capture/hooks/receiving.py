"""What posts to the address of a webhook: checked, committed to the inbox, and only then answered with 200.

An address nobody has and a wrong signature get the same answer, so that addresses cannot be found out.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wegmarke.capture.hooks import mail, reading
from wegmarke.capture.hooks.contracts import HOOK, Scheme
from wegmarke.capture.hooks.secrets import new_secret, seal, unseal, verified
from wegmarke.capture.hooks.table import Webhook, WebhookBody
from wegmarke.capture.receiving import refusing
from wegmarke.capture.receiving.envelope import MOST_EVENTS, without_addresses
from wegmarke.capture.receiving.storing import inbox_batch
from wegmarke.capture.watching.disk import Disk

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

logger = logging.getLogger(__name__)

MOST_BYTES: Final = 1024**2
SAMPLES: Final = 5
SAMPLE_BYTES: Final = 32 * 1024
_disk: Final = Disk()


@never_cache
@csrf_exempt
@login_not_required
@require_http_methods(["POST", "HEAD"])
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """Take one post."""
    if request.method == "HEAD":  # some providers ask in this way whether anybody is there
        return HttpResponse()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES or len(request.body) > MOST_BYTES:
        return _said(413, f"the body is larger than {MOST_BYTES} bytes")
    try:
        if _disk.reserve_is_touched():
            return _later("there is no room for it right now", 30)
        hook = Webhook.objects.filter(token=token).first()
        taken = _mail if hook is not None and hook.scheme == Scheme.MAIL else _signed
        return taken(request, hook or _nobody(), timezone.now())
    except (DatabaseError, OSError) as error:
        logger.warning("A webhook cannot be kept: %s", error)
        return _later("it cannot be kept right now", 5)


def _nobody() -> Webhook:
    """Return a webhook of nobody, so that an address nobody has costs what any other does."""
    return Webhook(scheme=Scheme.STANDARD, secret=_secret_of_nobody())


@cache
def _secret_of_nobody() -> str:
    return seal(new_secret(Scheme.STANDARD))


def _signed(request: HttpRequest, hook: Webhook, now: datetime) -> HttpResponse:
    headers = {name.lower(): value for name, value in request.headers.items()}
    scheme = Scheme(hook.scheme)
    proof = verified(
        scheme, unseal(hook.secret), header=hook.header, headers=headers, body=request.body, now=now
    )
    if proof is None or not hook.pk:
        return _unknown()
    body = without_addresses(request.body)
    try:
        content, events = reading.kept(body, proof.id)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return _malformed(hook, body, error, now)
    if events > MOST_EVENTS:
        return _said(413, f"at most {MOST_EVENTS} events at once")
    _keep(hook, content, kind=HOOK, events=events, now=now, sample=body)
    return _said(200)


def _mail(request: HttpRequest, hook: Webhook, now: datetime) -> HttpResponse:
    body = request.body  # read before anymail does, which may ask for a form
    try:
        answer, told = mail.asked(request, hook.provider, unseal(hook.secret))
    except mail.NotLetInError:
        return _unknown()
    except Exception as error:  # noqa: BLE001 - the sender is known; whatever its body causes is for people to see
        return _malformed(hook, body, error, now)
    if answer.status_code != 200:  # noqa: PLR2004 - not read, so nothing was told
        return _unknown()
    content, events = mail.batch_of(told)
    if events:
        _keep(hook, content, kind="", events=events, now=now)
    return answer


def _keep(  # noqa: PLR0913 - one row of the inbox
    hook: Webhook, content: bytes, *, kind: str, events: int, now: datetime, sample: bytes = b""
) -> None:
    with transaction.atomic():
        if events:
            inbox_batch(
                source=hook.source_id, received_at=now, kind=kind, events=events, content=content
            ).save()
        if sample and len(sample) <= SAMPLE_BYTES:
            WebhookBody.objects.create(webhook=hook, received_at=now, content=sample.decode())
            kept = hook.bodies.values_list("pk", flat=True)[:SAMPLES]
            hook.bodies.exclude(pk__in=list(kept)).delete()


def _malformed(hook: Webhook, body: bytes, error: Exception, now: datetime) -> HttpResponse:
    reason = f"{type(error).__name__}: {error}"
    refusing.save(refusing.whole_body(hook.source_id, body, kind="", reason=reason, now=now))
    return _said(400, "the body cannot be read")


def _unknown() -> HttpResponse:
    return _said(401, "no such address, or not signed with its secret")


def _later(reason: str, seconds: int) -> JsonResponse:
    answer = _said(503, reason)
    answer["Retry-After"] = str(seconds)
    return answer


def _said(status: int, reason: str = "") -> JsonResponse:
    said: dict[str, Any] = {"success": status == 200}  # noqa: PLR2004 - HTTP
    return JsonResponse(said | ({"error": reason} if reason else {}), status=status)
