"""The rules. Plain Python: no XBlock, no Django, no file access."""
