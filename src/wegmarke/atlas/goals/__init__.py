"""Goals: what the company and its customers want to reach, how far it is, whether it is on course."""
