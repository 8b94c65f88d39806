"""Inhabitants, as budgets use them: a count that an adopted budget's key was made of is not taken back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from budgets.models import AllocationKey, Budget
from objects.services.imports import InhabitantsImport
from records.models import Import


class UsedInhabitantsImport(InhabitantsImport):
    """Knows which budgets rest on a day's count."""

    def find_users(self, row: Import) -> list[str]:
        """Return the adopted budgets with a key by the inhabitants of a day that the import counted."""
        days = row.rows.exclude(status="same").values_list("values__counted_on", flat=True).distinct()
        keys = AllocationKey.objects.filter(
            counted_on__in=[day for day in days if day], budget__status=Budget.Status.ADOPTED
        )
        names = keys.order_by("budget__name").values_list("budget__name", "counted_on").distinct()
        said = _("%(budget)s, which is adopted, is divided by the inhabitants of %(day)s.")
        return [said % {"budget": name, "day": day} for name, day in names]
