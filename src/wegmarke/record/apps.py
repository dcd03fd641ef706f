"""How Django knows this room."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The room `record`."""

    name = "wegmarke.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"
