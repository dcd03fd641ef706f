"""The web application; the server is told `wegmarke.site.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wegmarke.site.settings")
application = get_wsgi_application()

# Views and what they import are loaded now, not while the first person waits for a page.
get_resolver().reverse_dict  # noqa: B018 - asked for its effect
engines.all()


def set_loaded_code_aside() -> None:
    """Let the garbage collector pass over all that is loaded by now.

    A page makes thousands of small values, and each full round of the collector would go through everything
    loaded. So that is set aside for good, and rounds come less often: the largest page of the demo takes half
    the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


set_loaded_code_aside()
