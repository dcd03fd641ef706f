"""Ask the bare event API what Schemathesis makes of its document, and hold its answers against that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import requests
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks as of_documents

from support.loops import run

if TYPE_CHECKING:
    import schemathesis

CHECKS = [
    of_documents.status_code_conformance,
    of_documents.content_type_conformance,
    of_documents.response_headers_conformance,
    of_documents.response_schema_conformance,
    of_documents.negative_data_rejection,
    of_documents.positive_data_acceptance,
]


def answer_of(api: Any, case: schemathesis.Case, *, authorization: str) -> int:
    """Send a case to the ASGI callable; return the status. Raises where the document says otherwise."""
    given = case.as_transport_kwargs(base_url="http://testserver")
    given["headers"] = {**given["headers"], "Authorization": authorization}
    asked = requests.Request(**{key: given[key] for key in given if key != "cookies"}).prepare()
    sent = run(_sent(api, asked))
    headers: dict[str, list[str]] = {}
    for name, value in sent[0]["headers"]:
        headers.setdefault(name.decode(), []).append(value.decode())
    status = sent[0]["status"]
    answer = Response(status, headers, sent[1]["body"], asked, elapsed=0.0, verify=False)
    assert status < 500, asked.body
    case.validate_response(answer, checks=CHECKS)
    return int(status)


async def _sent(api: Any, asked: requests.PreparedRequest) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    body = asked.body if isinstance(asked.body, bytes) else (asked.body or "").encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    url = urlsplit(asked.url or "")
    named = [(_bytes(name).lower(), _bytes(value)) for name, value in asked.headers.items()]
    scope = {
        "type": "http",
        "method": asked.method,
        "path": unquote(url.path),
        "query_string": url.query.encode(),
        "client": ("127.0.0.1", 5),
        "headers": [(b"host", b"testserver"), *named],
    }
    await api(scope, receive, send)
    return sent


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
