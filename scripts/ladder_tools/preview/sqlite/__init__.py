"""SQLite as the preview needs it, a database engine of Django."""
