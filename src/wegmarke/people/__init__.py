"""People: who is behind the identifiers events come with, as facts that can be taken back."""
