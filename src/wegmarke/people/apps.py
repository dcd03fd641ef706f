"""How Django knows this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room `people`."""

    name = "wegmarke.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
