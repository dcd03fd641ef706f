"""How the inbox keeps a body: compressed with Zstandard, which costs a fraction of the fsync it saves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from wegmarke.capture.inbox import InboxBatch

if TYPE_CHECKING:
    from datetime import datetime

_CODEC: Final = pa.Codec("zstd", compression_level=1)


def inbox_batch(  # noqa: PLR0913 - the columns of one row, by keyword
    *,
    source: int,
    received_at: datetime,
    kind: str,
    events: int,
    content: bytes,
    again: bool = False,
    declined: int = 0,
) -> InboxBatch:
    """Return the row for one body, not yet saved."""
    return InboxBatch(
        source_id=source,
        received_at=received_at,
        type=kind,
        events=events,
        size=len(content),
        content=_CODEC.compress(content, asbytes=True),
        again=again,
        declined=declined,
    )


def content_of(row: InboxBatch) -> bytes:
    """Return the body as it came."""
    return bytes(_CODEC.decompress(bytes(row.content), decompressed_size=row.size, asbytes=True))
