"""The matrix phase by channel: contacts planned beside contacts that happened, load and gaps."""
