"""The card of a touchpoint: what it is, whether it is any good, who answers for it; and editing it."""
