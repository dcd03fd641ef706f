"""How Django knows this room."""

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    """The room `atlas`."""

    name = "wegmarke.atlas"
    label = "atlas"
    default_auto_field = "django.db.models.BigAutoField"
