"""What the pages below that of all pools start from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pages.pools import InPools
from web.typing import Context
from web.views import Crumb


class UnderPools(InPools):
    """A page below that of all pools."""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to all pools."""
        return [*super().get_crumbs(), (_("Cost pools"), self.pools_url)]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add where all pools are."""
        return super().get_context_data(**{"pools_url": self.pools_url, **kwargs})
