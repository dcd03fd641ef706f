"""Files of the tests: written for each test, never kept."""

from support.files import write

__all__ = ["write"]
