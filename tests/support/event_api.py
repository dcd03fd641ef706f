"""The event API asked without a server, and what it kept."""

from __future__ import annotations

import base64
import json

from support.loops import run


def ask(api, body=b"", *, method="POST", path="/v1/batch", query="", gone=False, parts=None, **headers):
    """Ask the API once; return status, body and headers."""
    sent = []
    queue = [{"type": "http.request", "body": part, "more_body": True} for part in parts or ()]
    queue += [{"type": "http.disconnect"} if gone else {"type": "http.request", "body": body}]

    async def receive():
        return queue.pop(0)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "client": ("127.0.0.1", 5),
        "headers": [
            (b"host", b"testserver"),
            *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()),
        ],
    }
    run(api(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"]), dict(sent[0]["headers"])


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def kept() -> list[dict]:
    from wegmarke.capture.inbox import InboxBatch
    from wegmarke.capture.receiving.storing import content_of

    return [json.loads(content_of(row)) for row in InboxBatch.objects.all()]
