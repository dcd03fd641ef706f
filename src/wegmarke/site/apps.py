"""How Django knows this room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The room `site`; the label keeps clear of Django's own `sites`."""

    name = "wegmarke.site"
    label = "wegmarke_site"
