"""The event API: a raw ASGI callable in front of Django that takes batches and keeps them for good.

`http` speaks HTTP, `envelope` opens a body, `keys` knows who may write, `limits` says when it is too much,
`committing` writes many batches in one transaction. What the events in a batch mean is not looked at here:
the worker does that (`capture.events`), so that an answer waits for nothing but the disk.
"""
