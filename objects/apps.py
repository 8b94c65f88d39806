from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObjectsConfig(AppConfig):
    name = "objects"
    verbose_name = _("Objects")

    def ready(self) -> None:
        """Listen for tokens that stand in an address: who refuses them knows no app."""
        from web.api import token_exposed  # noqa: PLC0415

        token_exposed.connect(_mark, dispatch_uid="objects.mark_exposed")


def _mark(secret: str, **_kwargs: Any) -> None:
    from objects.services.tokens import mark_exposed  # noqa: PLC0415

    mark_exposed(secret)
