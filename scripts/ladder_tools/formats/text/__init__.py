"""Papers as plain text."""
