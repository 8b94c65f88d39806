"""Assumed categories of a budget's products: which are to be confirmed, and who confirmed the others when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import django_filters
import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from budgets.models import Budget, BudgetProduct
from budgets.selectors.product_acts import list_confirmations
from budgets.selectors.products import ProductRow, list_register, load_product_rows
from objects.models.roles import FEDERATION_ROLES, roles_of
from objects.selectors.registers import can_keep
from pages.authors import say_author
from pages.base import InBudget
from records.models import Provenance
from web import marks
from web.filters import BaseFilterSet, containing
from web.names import name_of
from web.tables import OPTIONAL, BaseTable, MomentColumn, TkrColumn, total_label
from web.views import BaseListView, Context, Crumb

STATES = {
    True: ("warn", pgettext_lazy("category", "assumed")),
    False: ("approved", pgettext_lazy("category", "confirmed")),
}


@dataclass(frozen=True)
class AssumedRow:
    """A product whose category is or was assumed; who confirmed it, and when."""

    row: ProductRow
    by: str
    at: datetime | None


class AssumedTable(BaseTable):
    """Products with assumed categories, and with those that were confirmed."""

    product = tables.Column(accessor="row__product__name", verbose_name=gettext_lazy("Product"), footer=total_label)
    sub_budget = tables.Column(
        accessor="row__product__sub_budget",
        order_by="row__product__sub_budget__position",
        verbose_name=gettext_lazy("Sub-budget"),
        attrs=OPTIONAL,
    )
    category = tables.Column(
        accessor="row__product__get_category_display", verbose_name=gettext_lazy("Revenue category")
    )
    amount = TkrColumn(accessor="row__amounts__0", css="opt", total=True)
    state = tables.Column(accessor="row__is_assumed", verbose_name=gettext_lazy("Category is"))
    by = tables.Column(verbose_name=gettext_lazy("Confirmed by"), default="–", empty_values=(None, ""), attrs=OPTIONAL)
    at = MomentColumn(verbose_name=gettext_lazy("Confirmed"), default="–", css="opt")

    class Meta:
        empty_text = gettext_lazy("No product matches.")

    def __init__(self, data: Iterable[AssumedRow], *, budget: Budget, can_confirm: bool) -> None:
        super().__init__(data, caption=_("Assumed categories in %(budget)s, tkr") % {"budget": budget.name})
        self.budget, self.can_confirm = budget, can_confirm
        self.columns["amount"].column.verbose_name = str(budget.fiscal_year)

    def render_product(self, record: AssumedRow) -> SafeString:
        """Return a link to the product."""
        url = reverse("budgets:product", args=[self.budget.slug, record.row.product.lineage])
        return format_html('<a href="{}">{}</a>', url, record.row.product.name)

    def render_sub_budget(self, record: AssumedRow) -> str:
        """Return its name in the reader's language."""
        return name_of(record.row.product.sub_budget)

    def render_state(self, value: bool, record: AssumedRow) -> SafeString:
        """Return icon and word, with what confirms it or leads to another."""
        shown = marks.status(*STATES[value])
        if not (value and self.can_confirm):
            return shown
        name = record.row.product.name
        return format_html(
            '{} <button class="btn btn-sm btn-secondary" form="confirm" name="product" value="{}.{}">{}'
            '<span class="visually-hidden"> {}</span></button> '
            '<a class="row-act" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            shown, record.row.product.lineage, record.row.digest, _("Confirm"), name,
            reverse("budgets:edit_product", args=[self.budget.slug, record.row.product.lineage]),
            _("Choose another"), name,
        )  # fmt: skip

    def value_state(self, value: bool) -> str:
        """Return the word, for files."""
        return str(STATES[value][1])


class AssumedFilter(BaseFilterSet):
    """By name and state."""

    q = django_filters.CharFilter(label=gettext_lazy("Name"), method="by_name")
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Category is"),
        choices=[("assumed", STATES[True][1]), ("confirmed", STATES[False][1])],
        empty_label=gettext_lazy("All"),
        method="by_state",
    )

    class Meta:
        model = BudgetProduct
        fields = ("q", "state")

    def by_name(self, rows: QuerySet[BudgetProduct], name: str, value: str) -> QuerySet[BudgetProduct]:
        """Keep those with the words in their name."""
        return rows.filter(containing(value, "name"))

    def by_state(self, rows: QuerySet[BudgetProduct], name: str, value: str) -> QuerySet[BudgetProduct]:
        """Keep the assumed ones, or the confirmed ones."""
        assumed = {"provenance": Provenance.ASSUMED}
        return rows.filter(**assumed) if value == "assumed" else rows.exclude(**assumed)


class AssumedView(InBudget, BaseListView[BudgetProduct]):
    """What is to be confirmed, and what has been."""

    title = gettext_lazy("Assumed categories")
    nav_key = "products"
    template_name = "desk/products/assumed.html"
    table_class = AssumedTable
    filterset_class = AssumedFilter
    object_list: QuerySet[BudgetProduct]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Return the list to those inside the federation, who read by whom what was confirmed."""
        if self.budget and not roles_of(self.reader) & FEDERATION_ROLES:
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_rows(self, user: User) -> QuerySet[BudgetProduct]:
        """Return the assumed ones and those that were."""
        self.confirmed = {found.product_id: found for found in list_confirmations(self.budget)}
        rows = list_register(self.budget, user)
        return rows.filter(provenance=Provenance.ASSUMED) | rows.filter(pk__in=self.confirmed)

    @property
    def can_confirm(self) -> bool:
        """Whether the reader keeps the register, and the budget is still a draft."""
        return can_keep(self.reader) and self.budget.status == Budget.Status.DRAFT

    def get_table_data(self) -> list[AssumedRow]:
        """Add who confirmed what."""
        authors = {found.by for found in self.confirmed.values()}
        names = dict(User.objects.filter(email__in=authors).values_list("email", "name"))
        rows = load_product_rows(self.object_list, self.budget, self.reader)
        return [self._tell(row, names) for row in rows]

    def _tell(self, row: ProductRow, names: dict[str, str]) -> AssumedRow:
        found = None if row.is_assumed else self.confirmed.get(row.product.pk)
        if found is None:
            return AssumedRow(row, "", None)
        return AssumedRow(row, say_author(found.by, names.get(found.by, ""), inside=True), found.at)

    def get_table_kwargs(self) -> dict[str, object]:
        """Give the table its budget."""
        return {"budget": self.budget, "can_confirm": self.can_confirm}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the products."""
        return [*super().get_crumbs(), (_("Products"), reverse("budgets:products", args=[self.budget.slug]))]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add how many are left."""
        left = list_register(self.budget, self.reader).filter(provenance=Provenance.ASSUMED).count()
        return super().get_context_data(can_confirm=self.can_confirm, left=left, **kwargs)
