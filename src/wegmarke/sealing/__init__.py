"""Personal values at rest: keys, sealing and opening, a column of the database that is sealed."""
