"""The event API as an OpenAPI document: what clients may send, and every answer there is.

It is made of the paths and types the API itself works with, so it cannot fall behind them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from wegmarke.capture.events.spec import Event
from wegmarke.capture.receiving.envelope import MOST_EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH: Final = "/v1/openapi.json"
_COMPONENT: Final = "#/components/schemas/{name}"
_ANYTHING: Final = {
    "description": "Anything else is taken as well: the worker refuses it alone, with its reason."
}
_REFUSAL: Final = {
    "type": "object",
    "required": ["success", "error", "code", "message"],
    "properties": {
        "success": {"const": False},
        "error": {"type": "string"},
        "code": {"type": "integer"},
        "message": {"type": "string", "description": "The same as `error`, where some clients look for it."},
    },
}
_REFUSED: Final[Mapping[int, str]] = {
    400: "The body as a whole cannot be read: no JSON object, no list `batch`, too many events, "
    "packed wrongly, broken off; or the site is not called by this host name. Sending it again is no use.",
    401: "There is no such write key, or it was revoked.",
    403: "The key may not be used from this web site.",
    405: "Another method is needed.",
    408: "The body did not arrive in time.",
    413: "The body is larger than 2 MB as sent, or 10 MB unpacked.",
}
_LATER: Final[Mapping[int, str]] = {
    429: "Too much at once. Come again after `Retry-After` seconds.",
    503: "Events cannot be kept right now; the disk may be full. Come again after `Retry-After` seconds.",
}
_RETRY: Final = {
    "Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}, "description": "Seconds."}
}
_QUERIED: Final = {
    "name": "writeKey",
    "in": "query",
    "description": "The write key, where it stands neither in the header nor in the body.",
    "schema": {"type": "string"},
}


@cache
def document(paths: tuple[tuple[str, str | None], ...]) -> bytes:
    """Return the document as JSON; `paths` are those that take events, with the type each takes."""
    (_given,), components = msgspec.json.schema_components([Event], ref_template=_COMPONENT)
    components["Event"]["description"] = "One message, as the Segment specification names its fields."
    described = {
        "openapi": "3.1.0",
        "info": {
            "title": "Wegmarke: event API",
            "version": "1",
            "description": "Takes events as clients of the Segment specification send them. 200 means that "
            "they are on disk. The same `messageId` of a source counts once.",
        },
        "servers": [{"url": "/"}],
        "security": [{"header": []}, {"query": []}, {}],
        "paths": {path: _taking(path, kind) for path, kind in sorted(paths)} | _settings() | _itself(),
        "components": {
            "schemas": {**components, "Batch": _batch(), "Refusal": _REFUSAL},
            "responses": _refusals(),
            "securitySchemes": {
                "header": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The write key as the user, without a password.",
                },
                "query": {"type": "apiKey", "in": "query", "name": "writeKey"},
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=2) + b"\n"


def _batch() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["batch"],
        "properties": {
            "batch": {
                "type": "array",
                "maxItems": MOST_EVENTS,
                "items": {"anyOf": [_ref("Event"), _ANYTHING]},
            },
            "writeKey": {"description": "The write key, a text."},
            "sentAt": {
                "description": "When it was sent by the clock of the sender, which is set right by it."
            },
        },
    }


def _taking(path: str, kind: str | None) -> dict[str, Any]:
    said = f"Takes one event: {kind}." if kind else "Takes many events at once."
    kept = _answer("Kept for good.", _success())
    single = {"anyOf": [_ref("Event"), _ANYTHING], "type": "object"}
    return {
        "post": {
            "operationId": "take_" + path.strip("/").replace("/", "_"),
            "summary": said,
            "description": "Read as JSON, whatever its type is said to be; it may be packed (`gzip`, "
            "`deflate`). The key of a web page says which web sites it may be used from.",
            "parameters": [_QUERIED],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": single if kind else _ref("Batch")}},
            },
            "responses": {"200": kept, **_said(*_REFUSED, *_LATER)},
        }
    }


def _settings() -> dict[str, Any]:
    """Describe what clients in a browser ask for before they send."""
    there = {"type": "object", "description": "In the form the client expects."}
    responses = {
        "200": _answer("The settings.", there),
        "404": _refusal("There is no such write key."),
        **_said(400, 405, 503),
    }
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {
        "/v1/projects/{key}/settings": {
            "get": {
                "operationId": "settings_of_analytics_js",
                "summary": "Settings of analytics.js 2.",
                "security": [],
                "parameters": [key],
                "responses": responses,
            }
        },
        "/sourceConfig": {
            "get": {
                "operationId": "settings_of_rudderstack",
                "summary": "Settings of the RudderStack SDK.",
                "security": [],
                "parameters": [_QUERIED],
                "responses": responses,
            }
        },
    }


def _itself() -> dict[str, Any]:
    answered = _answer("An OpenAPI document.", {"type": "object"})
    return {
        PATH: {
            "get": {
                "operationId": "openapi",
                "summary": "This document.",
                "security": [],
                "responses": {"200": answered, **_said(400, 405)},
            }
        }
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _COMPONENT.format(name=name)}


def _success() -> dict[str, Any]:
    return {"type": "object", "required": ["success"], "properties": {"success": {"const": True}}}


def _answer(said: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _refusal(said: str) -> dict[str, Any]:
    return _answer(said, _ref("Refusal"))


def _said(*codes: int) -> dict[str, Any]:
    return {str(code): {"$ref": f"#/components/responses/{code}"} for code in codes}


def _refusals() -> dict[str, Any]:
    refused = {str(code): _refusal(said) for code, said in _REFUSED.items()}
    return refused | {str(code): {**_refusal(said), "headers": _RETRY} for code, said in _LATER.items()}
