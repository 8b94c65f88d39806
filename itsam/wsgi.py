"""The web server's entry; loads Celery so that the site can start jobs by name."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsam.settings")

from itsam.celery import app as celery_app

celery_app.set_default()
application = get_wsgi_application()
