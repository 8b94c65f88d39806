from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PricingConfig(AppConfig):
    name = "pricing"
    verbose_name = _("Pricing")

    def ready(self) -> None:
        """Say what gives to products: the app of products knows no pool and no post."""
        from budgets.product_givers import register  # noqa: PLC0415
        from pricing.services.gifts import PoolsAndPosts  # noqa: PLC0415

        register(PoolsAndPosts())
