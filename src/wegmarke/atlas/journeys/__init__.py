"""Journey models: the phases customers pass through, as data; four are shipped, others are drawn by hand."""
