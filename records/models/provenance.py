"""Where a figure comes from; everything that carries money says it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Provenance(models.TextChoices):
    ENTERED = "entered", _("entered")
    IMPORTED = "imported", _("imported")
    CALCULATED = "calculated", _("calculated")
    DERIVED = "derived", _("derived")
    PUBLISHED = "published", _("published")
    COPIED = "copied", _("copied")
    ASSUMED = "assumed", _("assumed")
