"""What the events of a batch mean: read one by one, cleaned, or refused with the reason. Pure."""
