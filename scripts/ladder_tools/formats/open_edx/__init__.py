"""Open edX: problems, courses, libraries, and its Markdown."""
