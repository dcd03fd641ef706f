"""Saved mappings of imports: named once, recognised in the next file, with the runs they had."""
