"""Where events come from: sources, their write keys, what came of what they sent, what was refused."""
