"""Access (Art. 15 and 20 GDPR): everything that is kept of a person, in one archive they can read."""
