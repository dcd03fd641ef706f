"""The plan: phases, touchpoints, binding rules, and what leaving and moving on mean."""
