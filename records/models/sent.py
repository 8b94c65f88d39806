"""Forms that have been sent: what a second send of the same is answered with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models.jobs import OwnedQuerySet


class SentFormQuerySet(OwnedQuerySet["SentForm"]):
    owner_field = "user"


class SentForm(models.Model):
    """A form that was carried out, kept in the transaction that did it, so that it is done once however often it is sent.

    `digest` is of who sent what where, with the form's own key. `location` is the page that its answer led to.
    """

    digest = models.CharField(_("Digest"), max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+", verbose_name=_("User")
    )
    location = models.TextField(_("Where it led"), blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True, db_index=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")

    def __str__(self) -> str:
        return self.location
