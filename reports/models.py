"""Texts of the house that people edit: the accessibility statement."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from web.tracking import tracked


class HouseTextQuerySet(models.QuerySet["HouseText"]):
    """Public texts: the law wants the statement to be read by everyone, also without signing in."""

    def visible_to(self, user: object) -> Self:
        """Return all of them."""
        return self


@tracked(title="slug", hidden=("slug",))
class HouseText(models.Model):
    """A page's text in both languages; a page whose text is not stored shows the one that came with the system.

    Blank lines separate paragraphs; a line that begins with # is a heading, lines that begin with - are a list.
    """

    class Slug(models.TextChoices):
        ACCESSIBILITY = "accessibility", _("accessibility statement")

    slug = models.CharField(_("page"), max_length=40, choices=Slug, unique=True)
    text_sv = models.TextField(_("text in Swedish"))
    text_en = models.TextField(_("text in English"))
    edited_at = models.DateTimeField(_("edited"), auto_now=True)

    objects = HouseTextQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("text of the house")
        verbose_name_plural = _("texts of the house")

    def __str__(self) -> str:
        return str(self.get_slug_display())
