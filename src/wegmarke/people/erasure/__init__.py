"""Erasure and retention: what is known of a person goes from every store, with a protocol and no way back."""
