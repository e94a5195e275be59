"""What runs on the author's machine: check, build, preview."""
