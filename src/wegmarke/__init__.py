"""Wegmarke: customer touchpoint and journey management, self-hosted."""

__version__ = "0.1.0"
