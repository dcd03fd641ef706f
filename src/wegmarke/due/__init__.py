"""Due work as rows: claimed one at a time, under a lease, and visibly dead when it keeps failing."""
