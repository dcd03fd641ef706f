"""What clients in a browser ask for before they send: their settings, with nothing in them but our API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEGMENT: Final = re.compile(r"/v1/projects/(?P<write_key>[^/]+)/settings")
_RUDDER: Final = re.compile(r"/sourceConfig/?")


def handles(path: str) -> bool:
    """Say whether a path asks for settings."""
    return bool(_SEGMENT.fullmatch(path) or _RUDDER.fullmatch(path))


def write_key(path: str) -> str | None:
    """Return the write key in the path, where it has one."""
    found = _SEGMENT.fullmatch(path)
    return found["write_key"] if found else None


def settings_for(path: str, key: str, *, host: str, scheme: str) -> Mapping[str, object]:
    """Return the settings the client expects: of analytics.js 2 (Segment) or of the RudderStack SDK."""
    if _SEGMENT.fullmatch(path):
        ours = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": scheme, "unbundledIntegrations": []}
        return {"integrations": {"Segment.io": ours}, "plan": {}, "edgeFunction": {}}
    return {
        "source": {
            "id": "wegmarke",
            "name": "Wegmarke",
            "writeKey": key,
            "enabled": True,
            "workspaceId": "wegmarke",
            "config": {"statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}},
            "connections": [],
            "destinations": [],
            "dataplanes": {},
        },
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "consentManagementMetadata": {"providers": []},
    }
