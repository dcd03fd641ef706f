"""Who is this? Persons and accounts found, and the time line of all that is known of them."""
