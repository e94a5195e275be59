"""Ladder: staged onboarding training on Open edX."""

__version__ = "0.1.0"
