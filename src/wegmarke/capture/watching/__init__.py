"""Watches the receiving side: room on the disk, events that are nowhere, events that wait too long."""
