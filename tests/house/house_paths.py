"""Where the tests about the house look."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
