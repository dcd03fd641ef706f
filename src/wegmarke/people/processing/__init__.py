"""The record of processing activities (Art. 30 GDPR): what the system knows, and what people add to it."""
