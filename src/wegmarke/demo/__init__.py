"""The demo company, made from a seed, with planted truth."""
