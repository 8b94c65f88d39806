"""The table of a budget's products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.models import Budget
from budgets.selectors.products import ProductRow
from web.names import name_of
from web.tables import OPTIONAL, BaseTable, NumberColumn, ProvenanceColumn, TkrColumn, total_label

YEARS = ("now", "second", "third")


class ProductTable(BaseTable):
    """Products with what they are in the budget, tkr; an assumed category has a button that confirms it."""

    name = tables.Column(accessor="product__name", verbose_name=gettext_lazy("Product"), footer=total_label)
    sub_budget = tables.Column(
        accessor="product__sub_budget",
        order_by="product__sub_budget__position",
        verbose_name=gettext_lazy("Sub-budget"),
        attrs=OPTIONAL,
    )
    category = tables.Column(
        accessor="product__get_category_display", verbose_name=gettext_lazy("Revenue category"), attrs=OPTIONAL
    )
    vat = NumberColumn(accessor="product__vat_percent", verbose_name=gettext_lazy("VAT, %"), css="opt")
    key = tables.Column(
        accessor="product__allocation_key",
        verbose_name=gettext_lazy("Key"),
        default=gettext_lazy("none"),
        attrs=OPTIONAL,
    )
    payers = tables.Column(
        verbose_name=gettext_lazy("Paid by"), orderable=False, default=gettext_lazy("nobody"), attrs=OPTIONAL
    )
    now = TkrColumn(accessor="amounts__0", total=True, css="now")
    second = TkrColumn(accessor="amounts__1", total=True, css="opt")
    third = TkrColumn(accessor="amounts__2", total=True, css="opt")
    provenance = ProvenanceColumn(accessor="product__provenance", verbose_name=gettext_lazy("Source"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No product matches.")

    def __init__(
        self, data: Iterable[ProductRow], *, budget: Budget, totals: Mapping[str, int], can_confirm: bool
    ) -> None:
        caption = _("Products in %(budget)s, tkr") % {"budget": budget.name}
        super().__init__(data, caption=caption, totals=totals)
        self.budget, self.can_confirm = budget, can_confirm
        for name, year in zip(YEARS, budget.years, strict=True):
            self.columns[name].column.verbose_name = str(year)

    def render_name(self, record: ProductRow) -> SafeString:
        """Return a link to the product."""
        url = reverse("budgets:product", args=[self.budget.slug, record.product.lineage])
        return format_html('<a href="{}">{}</a>', url, record.product.name)

    def render_sub_budget(self, record: ProductRow) -> str:
        """Return its name in the reader's language."""
        return name_of(record.product.sub_budget)

    def render_category(self, record: ProductRow, value: str) -> SafeString | str:
        """Return the category, with a button where it is still assumed."""
        if not (record.is_assumed and self.can_confirm):
            return value
        return format_html(
            '{} <button class="btn btn-sm btn-quiet" form="confirm" name="product" value="{}.{}">{}'
            '<span class="visually-hidden"> {}</span></button>',
            value, record.product.lineage, record.digest, _("Confirm"), record.product.name,
        )  # fmt: skip

    def value_category(self, value: str) -> str:
        """Return the word alone, for files."""
        return value

    def render_key(self, record: ProductRow) -> str:
        """Return the key's name in the reader's language."""
        return name_of(record.product.allocation_key) if record.product.allocation_key else ""

    def render_payers(self, record: ProductRow) -> SafeString | str:
        """Return the one customer, or how many there are, who are named when it is pointed at."""
        names = [customer.name for customer in record.payers]
        if len(names) == 1:
            return names[0]
        said = ngettext("%(count)s customer", "%(count)s customers", len(names)) % {"count": len(names)}
        return format_html('<span class="nowrap" title="{}">{}</span>', ", ".join(names), said)

    def value_payers(self, record: ProductRow) -> str:
        """Return all names, for files."""
        return ", ".join(customer.name for customer in record.payers)
