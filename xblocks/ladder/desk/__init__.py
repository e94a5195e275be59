"""The staff desk of an exam: attempts, marking, statistics, regrades, and what the instructor dashboard asks of it."""
