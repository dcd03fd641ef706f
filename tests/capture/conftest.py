"""What tests of imports share: a small file of events, an upload, the way to a started import."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from support.imports import CSV, MAPPING, NOW
from wegmarke.capture import services, storage
from wegmarke.capture.uploading import ReceivedFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from wegmarke.capture.contracts import ImportState
    from wegmarke.capture.files.mapping import ColumnMapping


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def received() -> Callable[..., ReceivedFile]:
    """Return a maker of uploads as the upload handler leaves them."""

    def make(content: bytes = CSV, name: str = "events.csv") -> ReceivedFile:
        storage.incoming().mkdir(parents=True, exist_ok=True)
        path = storage.incoming() / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        return ReceivedFile(path=path, name=name, size=len(content), sha256=digest)

    return make


@pytest.fixture
def drafted(db, received) -> Callable[..., ImportState]:
    """Return a maker of imports whose columns are named."""

    def make(content: bytes = CSV, name: str = "events.csv", mapping: ColumnMapping = MAPPING) -> ImportState:
        state = services.begin_import(received=received(content, name), by=None, now=NOW, language="en")
        services.save_mapping(import_id=state.id, mapping=mapping, by=None)
        return state

    return make


@pytest.fixture
def started(drafted) -> Callable[..., ImportState]:
    """Return a maker of imports that wait for the worker."""

    def make(*args: object, **kwargs: object) -> ImportState:
        state = drafted(*args, **kwargs)
        services.start(import_id=state.id, by=None, now=NOW, language="en", change=None, again=True)
        return state

    return make
