"""Who was erased, known by keyed hashes alone, and cheap to ask for tens of thousands at once.

The key lies in the data folder, not in the database: whoever has only one of the two cannot even try out
names. It is never changed for a hash that stands; a second key on a line of its own takes over for new ones.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from django.conf import settings
from django.db.models import Max

from wegmarke.people.erasure.contracts import KeyMissingError
from wegmarke.people.erasure.tables import Tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

KEY_BYTES: Final = 32
AT_ONCE: Final = 500


def key_file() -> Path:
    """Return where the keys lie, one a line in hexadecimal digits, the newest last."""
    return Path(settings.DATA_DIR) / "erasure.keys"


def bury(identifiers: Iterable[str], *, at: datetime) -> list[str]:
    """Set tombstones and return their hashes; one that stands moves forward in time only."""
    key = (_keys() or [_new_key()])[-1]
    digests = [_digest(identifier, key) for identifier in identifiers]
    set_stones(dict.fromkeys(digests, at))
    return digests


def set_stones(stones: Mapping[str, datetime]) -> None:
    """Set tombstones by their hashes."""
    rows = [Tombstone(digest=digest, erased_at=at) for digest, at in stones.items()]
    Tombstone.objects.bulk_create(rows, ignore_conflicts=True)
    for digest, at in stones.items():
        Tombstone.objects.filter(digest=digest, erased_at__lt=at).update(erased_at=at)


def erased(identifiers: Iterable[str]) -> Mapping[str, datetime]:
    """Return which of these were erased, and when. Raises `KeyMissingError`.

    One small query where nobody was ever erased; else a hash for each, and a look into sorted numbers.
    """
    last = Tombstone.objects.aggregate(last=Max("pk"))["last"]
    if last is None:
        return {}
    keys = _keys()
    if not keys:
        msg = f"{key_file()} is missing: it is needed to know who was erased; restore it from a backup"
        raise KeyMissingError(msg)
    distinct = list(dict.fromkeys(identifiers))
    by_digest: dict[str, str] = {}
    for key in keys:
        by_digest |= _suspects(distinct, key, _prefixes(str(key_file()), last))
    return _confirmed(by_digest)


def _suspects(identifiers: Sequence[str], key: bytes, prefixes: NDArray[np.uint64]) -> dict[str, str]:
    """Return the identifiers, by hash, the beginning of whose hash is that of a tombstone."""
    digests = [blake2b(one.encode(), digest_size=16, key=key).digest() for one in identifiers]
    own = np.frombuffer(b"".join(digests), ">u8")[::2].astype(np.uint64)
    place = np.minimum(np.searchsorted(prefixes, own), len(prefixes) - 1)
    return {digests[at].hex(): identifiers[at] for at in np.flatnonzero(prefixes[place] == own).tolist()}


def _confirmed(by_digest: Mapping[str, str]) -> Mapping[str, datetime]:
    found: dict[str, datetime] = {}
    listed = list(by_digest)
    for start in range(0, len(listed), AT_ONCE):
        stones = Tombstone.objects.filter(digest__in=listed[start : start + AT_ONCE])
        for digest, at in stones.values_list("digest", "erased_at"):
            found[by_digest[digest]] = at
    return found


@lru_cache(maxsize=1)
def _prefixes(_of: str, _last: int) -> NDArray[np.uint64]:
    """Return the first 64 bits of all tombstones, sorted; worked out once for each newest tombstone."""
    digests = Tombstone.objects.order_by().values_list("digest", flat=True)
    return np.sort(np.fromiter((int(one[:16], 16) for one in digests.iterator()), np.uint64))


def forget() -> None:
    """Forget what was worked out; for tests and after a restore."""
    _prefixes.cache_clear()


def _digest(identifier: str, key: bytes) -> str:
    return blake2b(identifier.encode(), digest_size=16, key=key).hexdigest()


def _keys() -> list[bytes]:
    try:
        lines = key_file().read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [bytes.fromhex(line) for line in lines]


def _new_key() -> bytes:
    """Make the first key, durable before anything is hashed with it; of two who make one, one is used."""
    if Tombstone.objects.exists():
        msg = f"{key_file()} is missing: it is needed to know who was erased; restore it from a backup"
        raise KeyMissingError(msg)
    key = secrets.token_bytes(KEY_BYTES)
    draft = key_file().with_name(f".{secrets.token_hex(4)}.keys")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(key.hex() + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, key_file())
    except FileExistsError:
        key = _keys()[-1]
    finally:
        draft.unlink()
    folder = os.open(key_file().parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return key
