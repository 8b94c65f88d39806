"""What the rows and groups of a budget's overview are called, also in its workbook."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgets.models import RevenueCategory
from objects.models import GovernanceObject
from reports.overview.selectors import BASE_GRANT_GROUP

RESULT: dict[str, str | Promise] = {
    "operating_revenue": _("Operating revenue"),
    "operating_costs": _("Operating costs"),
    "depreciation": _("Depreciation and write-downs"),
    "operating_result": _("Operating result"),
    "financial_costs": _("Financial costs"),
    "net_result": _("Net result"),
}
PARTS: dict[str, str | Promise] = {"customers": _("of which from customers"), "income": _("of which income")}
STYLES = {"operating_result": "sub", "net_result": "total", "total": "total"}
CATEGORIES: dict[str, str | Promise] = {
    **{category.value: category.label for category in RevenueCategory},
    "total": RESULT["operating_revenue"],
}
GROUPS: dict[str, str | Promise] = {
    BASE_GRANT_GROUP: "",
    GovernanceObject.Kind.PRIMARY: _("Primary objects"),
    GovernanceObject.Kind.SUPPORT: _("Support objects"),
    GovernanceObject.Kind.ENABLING_TECH: _("Enabling technology"),
}
