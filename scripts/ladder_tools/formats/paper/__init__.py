"""Papers to print, with their keys."""
