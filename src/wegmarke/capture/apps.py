"""How Django knows this room."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """The room `capture`."""

    name = "wegmarke.capture"
    label = "capture"
    default_auto_field = "django.db.models.BigAutoField"
