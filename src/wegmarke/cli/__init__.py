"""The command line: thin commands over the same services and queries as the pages."""
