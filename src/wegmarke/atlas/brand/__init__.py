"""Brand consistency: what is promised everywhere, and whether every touchpoint keeps it."""
