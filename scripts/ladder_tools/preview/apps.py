"""The preview as a Django app, for its templates and translations and for tables of its own."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class PreviewConfig(AppConfig):
    """What the preview has besides the blocks."""

    name = "ladder_tools.preview"
    label = "ladder_preview"

    def ready(self) -> None:
        """Signing in writes nothing about the account: nobody reads when that was, and a full disk would keep everybody out."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
