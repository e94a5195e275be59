"""Excel, old Excel and CSV."""
