"""The audit: what is missing, unclear, dead, annoying or too much on the map, and how to mend it."""
