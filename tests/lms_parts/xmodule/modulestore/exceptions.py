"""The platform's `xmodule/modulestore/exceptions.py`, as far as blocks meet it."""


class ItemNotFoundError(Exception):
    """There is no such block."""
