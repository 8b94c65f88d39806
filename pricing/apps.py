from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PricingConfig(AppConfig):
    name = "pricing"
    verbose_name = _("Pricing")

    def ready(self) -> None:
        """Say what gives to products, and what can be imported: the apps below know no pool and no post."""
        from budgets.product_givers import register as register_giver  # noqa: PLC0415
        from pricing.services.gifts import PoolsAndPosts  # noqa: PLC0415
        from pricing.services.imports import KINDS  # noqa: PLC0415
        from records.import_kinds import register  # noqa: PLC0415

        register_giver(PoolsAndPosts())
        register(*KINDS)
