"""Ladder as a plugin of the LMS: what the platform calls, and what its administrators do."""
