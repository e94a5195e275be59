"""What the preview keeps besides the records: how often a password was tried, and which sessions were ended."""

from __future__ import annotations

from django.db import models


class Tries(models.Model):
    """Wrong passwords in a row. The key is a keyed hash: it names neither the account nor the address to who reads it."""

    key = models.CharField(max_length=32, primary_key=True)
    wrong = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        """One row for each name, address and pair of them that was tried lately."""

        db_table = "ladder_preview_tries"


class SignedOut(models.Model):
    """A session that was ended before its cookie ends by itself."""

    session = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        """One row for each time that somebody has signed out."""

        db_table = "ladder_preview_signedout"
