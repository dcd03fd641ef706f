"""What mail providers report, as django-anymail understands them, and the events that is.

The provider's own check of its sender is anymail's. Its signal is caught within the request, so that what it
tells can be committed before the provider is answered.
"""

from __future__ import annotations

import hashlib
import hmac
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import msgspec
from anymail.signals import EventType, tracking
from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

BASIC: Final = "webhook_secret"
PROVIDERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "brevo": ("Brevo", "brevo.BrevoTrackingWebhookView", BASIC),
    "mailersend": ("MailerSend", "mailersend.MailerSendTrackingWebhookView", "signing_secret"),
    "mailgun": ("Mailgun", "mailgun.MailgunTrackingWebhookView", "webhook_signing_key"),
    "mailjet": ("Mailjet", "mailjet.MailjetTrackingWebhookView", BASIC),
    "mailtrap": ("Mailtrap", "mailtrap.MailtrapTrackingWebhookView", BASIC),
    "postmark": ("Postmark", "postmark.PostmarkTrackingWebhookView", BASIC),
    "sparkpost": ("SparkPost", "sparkpost.SparkPostTrackingWebhookView", BASIC),
}
"""By provider: its name, the view of anymail, and which setting of it the secret is."""

NAMES: Final[Mapping[str, str]] = {
    EventType.SENT: "Email Sent",
    EventType.DELIVERED: "Email Delivered",
    EventType.OPENED: "Email Opened",
    EventType.CLICKED: "Email Link Clicked",
    EventType.BOUNCED: "Email Bounced",
    EventType.REJECTED: "Email Rejected",
    EventType.FAILED: "Email Failed",
    EventType.COMPLAINED: "Email Marked as Spam",
    EventType.UNSUBSCRIBED: "Unsubscribed",
}
"""As the Segment specification names them. What else providers tell is no contact with a person."""

PERSON_KEYS: Final = ("user_id", "userId", "customer_id", "person")
_told: ContextVar[list[tuple[Any, str]] | None] = ContextVar("told", default=None)


def _hear(sender: object, event: Any, esp_name: str, **_more: object) -> None:  # noqa: ANN401, ARG001 - anymail's
    told = _told.get()
    if told is not None:
        told.append((event, esp_name))


tracking.connect(_hear, dispatch_uid="wegmarke.capture.hooks.mail")


@contextmanager
def listening() -> Iterator[list[tuple[Any, str]]]:
    """Gather what anymail tells while the block runs."""
    told: list[tuple[Any, str]] = []
    token = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(token)


class NotLetInError(Exception):
    """The request does not prove that it comes from the provider."""


def asked(request: HttpRequest, provider: str, secret: str) -> tuple[HttpResponse, list[tuple[Any, str]]]:
    """Let anymail check and read a request.

    Raises `NotLetInError`, and once the sender is known whatever its body causes.
    """
    _name, view, setting = PROVIDERS[provider]
    # bound to its own secret: without one anymail would let everybody in
    handler = import_string(f"anymail.webhooks.{view}")(**{setting: secret})
    handler.setup(request)
    try:
        handler.run_validators(request)
    except Exception as error:
        raise NotLetInError from error
    with listening() as told:
        return handler.dispatch(request), told


def batch_of(told: list[tuple[Any, str]]) -> tuple[bytes, int]:
    """Return what the inbox keeps of what anymail told, and how many events that is."""
    events = [track for event, provider in told if (track := _track(event, provider))]
    return msgspec.json.encode({"batch": events}), len(events)


def _track(event: Any, provider: str) -> dict[str, Any] | None:  # noqa: ANN401 - anymail has no types
    name = NAMES.get(event.event_type)
    metadata = {str(key): value for key, value in dict(event.metadata or {}).items()}
    person = next((str(metadata[key]) for key in PERSON_KEYS if metadata.get(key)), None)
    if name is None or not (person or event.recipient):
        return None
    properties = {
        "provider": provider,
        "message": event.message_id,
        "tags": list(event.tags or ()),
        "reject_reason": event.reject_reason,
        "url": event.click_url,
    }
    track: dict[str, Any] = {
        "type": "track",
        "event": name,
        "messageId": _id(event, provider),
        "properties": {key: value for key, value in properties.items() if value},
    }
    if event.tags:
        track["context"] = {"campaign": {"name": str(event.tags[0])}}
    if person:
        track["userId"] = person
    if event.recipient:
        track["anonymousId"] = address_key(event.recipient)
    if event.timestamp:
        track["timestamp"] = event.timestamp.isoformat()
    return track


def address_key(address: str) -> str:
    """Return what stands for a mail address: the same for the same, of no use without the site's secret."""
    key = b"wegmarke mail\0" + settings.SECRET_KEY.encode()
    return "mail:" + hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]


def _id(event: Any, provider: str) -> str:  # noqa: ANN401 - anymail has no types
    """Return the provider's id of the event, or what tells it from others."""
    at = event.timestamp.isoformat() if event.timestamp else ""
    told = [provider, event.event_type, event.event_id, event.message_id, event.recipient, at]
    told.append(event.click_url)
    return "mail:" + hashlib.sha256(repr(tuple(str(one or "") for one in told)).encode()).hexdigest()[:40]
