"""Touchpoints nobody wrote down: found in the record, shown with a proposal, adopted with a click."""
