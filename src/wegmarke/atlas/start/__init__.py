"""First start: the demo company, a file of events, or a plan that comes with Wegmarke."""
