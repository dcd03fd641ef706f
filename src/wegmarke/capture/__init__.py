"""Capture: how events come in. Files are read here; the event API and webhooks get their place beside it."""
