"""What happened: tables, the answer journal, queries. The same code under the LMS and the preview."""
