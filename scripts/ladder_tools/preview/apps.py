"""The preview as a Django app, for its templates and translations."""

from django.apps import AppConfig


class PreviewConfig(AppConfig):
    """No tables of its own."""

    name = "ladder_tools.preview"
    label = "ladder_preview"
