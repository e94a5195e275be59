"""The preview as a Django app, for its templates and translations and for tables of its own."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class PreviewConfig(AppConfig):
    """What the preview has besides the blocks."""

    name = "ladder_tools.preview"
    label = "ladder_preview"

    def ready(self) -> None:
        """The doorkeeper writes when somebody signed in, and lets in where nothing can be written; Django would let nobody in."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
