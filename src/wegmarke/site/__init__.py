"""Settings, addresses, the worker's list of steps; the only place where the parts are joined."""
