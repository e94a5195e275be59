"""Of the platform's courseware, what our blocks ask: as whom a user looks (2025-08)."""
