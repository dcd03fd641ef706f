"""The inventory: all touchpoints as one table, collecting them, importing them, changing many at once."""
