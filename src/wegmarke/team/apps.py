"""How Django knows this room."""

from django.apps import AppConfig


class TeamConfig(AppConfig):
    """The room `team`."""

    name = "wegmarke.team"
    label = "team"
    default_auto_field = "django.db.models.BigAutoField"
