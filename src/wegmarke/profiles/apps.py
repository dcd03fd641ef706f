"""How Django knows this room."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    """The room `profiles`."""

    name = "wegmarke.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"
