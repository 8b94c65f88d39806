"""The web server's entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsam.settings")
os.environ.setdefault("ITSAM_WEB", "1")

application = get_wsgi_application()
