"""What the record refuses, and what it finds broken."""

from __future__ import annotations


class RecordError(Exception):
    """Something is wrong with what is recorded, or was to be."""


class InvalidBatchError(RecordError, ValueError):
    """Events or traits the log does not take; nothing was written."""


class MoverBusyError(RecordError):
    """Somebody else is writing to the log; try again later."""


class MoverFencedError(RecordError):
    """Somebody else took over the log meanwhile; nothing was committed, try again."""


class LogDamagedError(RecordError):
    """A committed file of the log is missing, or its content is not what was written."""


class LogMovedOnError(RecordError):
    """The log as it was that long ago can no longer be read; start again from where it is now."""


class BuildRunningError(RecordError):
    """Journeys are being built already."""


class BuildGoneError(RecordError):
    """The files of a build were removed, because newer builds replaced it; ask for the current one."""
