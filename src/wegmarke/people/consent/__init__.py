"""What somebody agreed to, and what may therefore be done: facts with their proof, and the legal gate."""
