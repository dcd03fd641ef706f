"""How Django knows this room."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """The room `insights`."""

    name = "wegmarke.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"
