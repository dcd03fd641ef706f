"""Pure analysis of journeys: arrays in, values out.

No Django, no clock, no files, and no randomness without a seed. Every question has the same shape:
`tally` counts in one linear pass, tallies of two groups of persons add up, and `finish` turns the small
tally into an insight with estimate, interval and n.
"""
