"""Versions of the plan: what each changed, comparing, restoring, YAML out and in."""
