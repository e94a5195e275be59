"""Of the platform's release of languages, what Ladder asks (2025-08)."""
