"""The record: the event log, which touchpoint each event belongs to, and the journeys laid out from both."""
