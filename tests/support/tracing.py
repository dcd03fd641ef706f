"""Coverage of tests with many examples: what the first ones reach counts, the others run at full speed.

While coverage watches, Python runs at about half its speed, and the hundredth example of a property reaches
no line that the first ones did not. Figures of coverage are never too high by this; the tests are the same.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

WATCHED = 20


@contextmanager
def first_examples_watched(item: pytest.Item) -> Iterator[None]:
    """Let coverage watch the first examples only; whoever watches is there again afterwards."""
    handle = getattr(getattr(item, "obj", None), "hypothesis", None)
    watching = sys.gettrace()
    if handle is None or watching is None:
        yield
        return
    inner, run = handle.inner_test, 0

    @wraps(inner)
    def counted(*arguments, **named):
        nonlocal run
        run += 1
        if run > WATCHED:
            sys.settrace(None)
        return inner(*arguments, **named)

    handle.inner_test = counted
    try:
        yield
    finally:
        handle.inner_test = inner
        sys.settrace(watching)
