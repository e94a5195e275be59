"""Of the platform's accounts, what our blocks ask: enrolment, and the names under which the gradebook knows people (2025-08)."""
