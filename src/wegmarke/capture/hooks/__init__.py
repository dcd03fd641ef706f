"""Webhooks of other systems: an address of their own, a signature, and what their bodies mean."""
