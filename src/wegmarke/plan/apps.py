"""How Django knows this room."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """The room `plan`."""

    name = "wegmarke.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"
