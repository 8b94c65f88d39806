"""The page kit as an app, so that its template tags and templates are found."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Page kit: base views, tables, amount fields and number formats; knows no other app."""

    name = "web"
    label = "web"
    verbose_name = _("Page kit")
