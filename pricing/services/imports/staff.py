"""Staff lists become posts of a draft; who carries a new post is the pool or the product of the base grant that its unit names.

A post that is there already keeps its carriers: how a post is split is decided in the pages, and no list says it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import Budget, BudgetProduct
from budgets.services.imports.base import BudgetImport, say_near
from pricing.models import CalculationState, CostPool, Post
from pricing.selectors.editing import can_edit_pools
from pricing.services.editing import request_calculation
from pricing.services.imports.carriers import (
    add_carriers,
    find_moved_carriers,
    keep_carriers,
    put_carriers_back,
    take_carriers_away,
)
from pricing.services.imports.staff_rows import (
    OF_PEOPLE,
    OF_THINGS,
    RATE,
    PostRow,
    check_post,
    read_month,
    read_pay,
)
from pricing.services.personal import has_name, has_personal_number
from records.import_kinds import Cell, Check, Fault, Field, Form, Value, Values
from records.models import Import, Provenance
from records.services.imports.cells import read_day, read_number, read_text
from records.services.imports.headings import fold
from web.days import WithinYears

if TYPE_CHECKING:
    from accounts.models import User

DECEMBER = 12
Carriers = dict[str, tuple[str, int]]


class StaffImport(BudgetImport):
    """Posts of a draft budget that is not proposed. Only the economist, since each row tells a salary."""

    key = "staff"
    label = gettext_lazy("Staff list")
    about = gettext_lazy("Title, rate of employment, monthly pay, months and unit. No names and no personal numbers.")
    period_label = gettext_lazy("Budget")
    fields: ClassVar[Sequence[Field]] = (
        Field("title", pgettext_lazy("of a post", "Title"), ("titel", "befattning", "title", "tjänst"), read_text(120)),
        Field("rate", gettext_lazy("Rate of employment, %"), ("sysselsättningsgrad", "ssg", "tjänstgöringsgrad", "grad", "omfattning", "rate"), read_number(RATE), is_number=True),
        Field("pay", gettext_lazy("Monthly pay, SEK"), ("månadslön", "lön", "grundlön", "monthly pay", "pay", "salary"), read_pay, is_number=True),
        Field("pay_from", gettext_lazy("Pay as agreed on"), ("lön avtalad", "lön från", "löneläge", "pay as agreed on", "pay from"), read_day(WithinYears(ahead=5), empty=True), is_required=False),
        Field("from_month", gettext_lazy("From month"), ("från månad", "fr o m", "from", "start", "från"), read_month, is_required=False),
        Field("to_month", gettext_lazy("To month"), ("till månad", "t o m", "to", "slut", "till"), read_month, is_required=False),
        Field("unit", gettext_lazy("Unit"), ("enhet", "avdelning", "unit", "pool", "team"), read_text(120)),
    )  # fmt: skip
    model = Post
    keys = ("budget_id", "title", "unit")
    columns = (*keys, "employment_percent", "monthly_pay_ore", "pay_from_on", "from_on", "to_on", "provenance")
    only_new = ("lineage", "kind", "age_class", "note", "position")
    changed_at = "edited_at"
    # Colleagues may share title and unit, but a row that says all of another is taken for a slip.
    once = ("title", "unit", "employment_percent", "monthly_pay_ore", "pay_from_on", "from_on", "to_on")
    figure = "monthly_pay_ore"
    figure_label = gettext_lazy("Monthly pay, SEK")
    form = Form.ORE
    groups = "unit"
    groups_label = gettext_lazy("Unit")
    is_unique = False

    def list_periods(self, user: User) -> list[tuple[str, str]]:
        """The drafts whose posts may still be changed."""
        drafts = super().list_periods(user)
        open_ones = {budget.slug for budget in Budget.objects.all() if can_edit_pools(user, budget)}
        return [(slug, title) for slug, title in drafts if slug in open_ones]

    def find_head_faults(self, headings: Sequence[str]) -> list[tuple[int, str]]:
        """Return the columns that are about people."""
        why = _(
            "a staff list holds no names or personal numbers. Remove the column from the file, and read it in again."
        )
        return [
            (place, why)
            for place, heading in enumerate(map(fold, headings))
            if OF_PEOPLE.search(heading) and not OF_THINGS.search(heading)
        ]

    def find_cell_fault(self, cell: Cell) -> str:
        """Return that a cell holds a personal number or a person's name."""
        if not isinstance(cell, int | str):
            return ""
        if has_personal_number(str(cell)):
            return _("The cell looks like a personal number. Remove it from the file, and read it in again.")
        if has_name(str(cell)):
            return _("The cell looks like a person's name. Remove it from the file, and read it in again.")
        return ""

    def start(self, period: str, by: User) -> Check:
        """Read who may carry a post of the budget."""
        budget = Budget.objects.get(slug=period)
        carriers = list_carriers(budget)
        last = Post.objects.filter(budget=budget).aggregate(last=Max("position"))["last"]
        positions = count((last or 0) + 1)

        def check(read: Mapping[str, Value], fault: Fault) -> Values:
            carrier = _find_carrier(read, carriers, fault)
            post = check_post(read, fault)
            if post is None or carrier is None:
                return {}
            kind, key = carrier
            return make_post(post, budget) | {"position": next(positions), "carrier": kind, "carrier_id": key}

        return check

    def lock(self, row: Import, by: User) -> None:
        """Hold the calculation, as every change of posts does; refuse where the budget is proposed meanwhile."""
        budget = Budget.objects.get(slug=row.period)
        CalculationState.objects.select_for_update().filter(pk=budget.pk).first()
        budget.refresh_from_db(fields=["status", "phase"])
        if not can_edit_pools(by, budget):
            said = _("The posts of %(budget)s can't be changed any more: it is proposed or adopted.")
            raise ValidationError(said % {"budget": budget.name})

    def prepare(self, row: Import) -> None:
        """Keep who carried the posts that go, and let go of them."""
        keep_carriers(row)

    def finish(self, row: Import) -> None:
        """Give new posts their carriers, or those that came back theirs; calculate after commit."""
        if row.status == Import.Status.UNDONE:
            put_carriers_back(row)
        else:
            add_carriers(row)
        request_calculation(Budget.objects.get(slug=row.period).pk)

    def unmake(self, row: Import) -> None:
        """Take the carriers from posts that are taken back."""
        take_carriers_away(row)

    def find_users(self, row: Import) -> list[str]:
        """Return the added posts that have been split on other carriers since."""
        said = _("%(title)s has got other carriers since the import. Undoing would lose that.")
        return [said % {"title": title} for title in find_moved_carriers(row)]

    def name_groups(self, keys: Iterable[str]) -> dict[str, str]:
        """The units as the list says them."""
        return {key: key or _("no unit") for key in keys if key is not None}


def list_carriers(budget: Budget) -> Carriers:
    """Return who may carry a post, by name in small letters: pools first, then products of the base grant."""
    products = BudgetProduct.objects.filter(budget=budget, sub_budget__governance_object__isnull=True)
    found: Carriers = {name.casefold(): ("product", pk) for pk, name in products.values_list("pk", "name")}
    for pool in CostPool.objects.filter(budget=budget):
        found |= dict.fromkeys(map(str.casefold, (pool.slug, pool.name_sv, pool.name_en)), ("pool", pool.pk))
    return found


def _find_carrier(read: Mapping[str, Value], carriers: Carriers, fault: Fault) -> tuple[str, int] | None:
    unit = str(read.get("unit") or "")
    found = carriers.get(unit.casefold())
    if unit and found is None:
        words = _("%(name)s is not a pool or a product of the base grant, so nobody would carry the post.")
        fault("unit", say_near(unit, carriers, words))
    return found


def make_post(post: PostRow, budget: Budget) -> Values:
    """Return the columns of a post; a year that it is there for whole has no first and last day, as in the form."""
    year = budget.fiscal_year
    last = calendar.monthrange(year, post.to_month)[1]
    return {
        "budget_id": budget.pk,
        "lineage": str(uuid4()),
        "title": post.title,
        "unit": post.unit,
        "kind": Post.Kind.POST.value,
        "employment_percent": post.rate,
        "monthly_pay_ore": post.pay_ore,
        "pay_from_on": post.pay_from_on or timezone.localdate().replace(month=1, day=1),
        "from_on": date(year, post.from_month, 1) if post.from_month > 1 else None,
        "to_on": date(year, post.to_month, last) if post.to_month < DECEMBER else None,
        "age_class": "",
        "note": "",
        "provenance": Provenance.IMPORTED.value,
    }
