"""The people who work with Wegmarke: accounts, roles, departments."""
