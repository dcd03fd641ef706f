"""How Django knows this room."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The room `ui`."""

    name = "wegmarke.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"
