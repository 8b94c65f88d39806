"""What the pages of a framework's council package have in common."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext as _

from budgets.selectors.budgets import find_default_budget
from desk.council_package.papers import Facts
from desk.frameworks.base import InFramework, KeepFrameworkView
from forecasts.models import Forecast
from forecasts.selectors.loans import YearDebt, load_year_debts
from forecasts.selectors.stored import load_stored
from investments.models import CouncilPackage
from objects.selectors.federation import find_federation
from web.views import Crumb


class InPackage(InFramework):
    """A page about the package of the address's framework."""

    @cached_property
    def package(self) -> CouncilPackage:
        """The package; one that is not begun, or not sent to a reader outside, does not exist."""
        package = self.package_state.package
        if package is None:
            raise Http404
        return package

    @cached_property
    def debts(self) -> list[YearDebt]:
        """The debt by year end, of the budget that a first page shows."""
        budget = find_default_budget(self.reader)
        if budget is None:
            return []
        return load_year_debts(budget, load_stored(budget, Forecast.Kind.LOAN)[Forecast.Kind.LOAN])

    @property
    def federation_name(self) -> str:
        """What the federation is called."""
        federation = find_federation(self.reader)
        return federation.name if federation is not None else _("The federation")

    @property
    def facts(self) -> Facts:
        """What its documents are made of."""
        return Facts(self.package_state, self.federation_name, self.debts)


class KeepPackageView(InPackage, KeepFrameworkView):
    """A form about a package, for those who keep the register of decisions."""

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the package."""
        return [*super().get_crumbs(), (_("Council package"), self.package_url)]

    def get_return_url(self) -> str:
        """Return the package's page."""
        return self.package_url
