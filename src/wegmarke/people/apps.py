"""How Django knows this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from wegmarke.people.consent.beginning import add_first_purposes


class PeopleConfig(AppConfig):
    """The room `people`."""

    name = "wegmarke.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the first purposes come with the tables."""
        post_migrate.connect(add_first_purposes, sender=self)
