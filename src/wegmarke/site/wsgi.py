"""The web application; the server is told `wegmarke.site.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wegmarke.site.settings")
application = get_wsgi_application()
