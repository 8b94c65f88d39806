"""History in the reader's words: the names of fields, values as they are shown elsewhere, and people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.models import COST_KINDS, Budget, SubBudget
from objects.models.tokens import Scope
from web.fields import OreField
from web.numbers import UNKNOWN, format_decimal, format_sek

LONGEST_TEXT = 160
# What people neither set nor see, or what another field already says; who did it is told for every change.
HIDDEN = frozenset(
    {
        *("id", "uuid", "lineage", "budget_id", "edited_at", "created_at", "adopted_at", "slug", "date_joined"),
        *("author_id", "by_id", "started_by_id", "created_by_id", "made_by_id", "resolved_by_id", "revoked_by_id"),
        *("page", "about", "parent_id", "at", "event_mark", "digest", "prefix", "sha256", "path", "content_type"),
        *("digest_id", "disposed_at", "disposed_by"),
    }
)
# The words for fields whose model has none; those of one model by its label and the field's name.
LABELS: dict[str, str | Promise] = {
    "text": gettext_lazy("Text"),
    "cost_kind": gettext_lazy("Cost kind"),
    "quantity": gettext_lazy("Quantity"),
    "unit_price_ore": gettext_lazy("Unit price, SEK"),
    "budgets.costline.governance_object_id": gettext_lazy("Object that the cost is for"),
    "governance_object_id": gettext_lazy("Object"),
    "note": pgettext_lazy("of a line", "Note"),
    "position": gettext_lazy("Place in the order"),
    "provenance": gettext_lazy("Source"),
    "product_id": gettext_lazy("Product"),
    "budget_product_id": gettext_lazy("Product"),
    "sub_budget_id": gettext_lazy("Sub-budget"),
    "allocation_key_id": gettext_lazy("Allocation key"),
    "key_id": gettext_lazy("Allocation key"),
    "weight": gettext_lazy("Weight"),
    "basis": gettext_lazy("Divided by"),
    "counted_on": gettext_lazy("Counted on"),
    "name": gettext_lazy("Name"),
    "name_sv": gettext_lazy("Name in Swedish"),
    "name_en": gettext_lazy("Name in English"),
    "text_sv": gettext_lazy("Text in Swedish"),
    "text_en": gettext_lazy("Text in English"),
    "changes_sv": gettext_lazy("Essential changes"),
    "category": gettext_lazy("Revenue category"),
    "vat_percent": gettext_lazy("VAT, %"),
    "status": gettext_lazy("Status"),
    "phase": gettext_lazy("Phase"),
    "fiscal_year": gettext_lazy("Budget year"),
    "based_on_id": gettext_lazy("Copied from"),
    "replaces_id": gettext_lazy("Replaces"),
    "adopted_by_id": gettext_lazy("Adopted by the decision"),
    "due_on": gettext_lazy("Due"),
    "invoices.invoice.due_on": gettext_lazy("Due date"),
    "records.task.due_on": gettext_lazy("To be done by"),
    "approval_due_on": gettext_lazy("Approved by the steering groups at the latest"),
    "jump_percent": gettext_lazy("Change that asks for a note, %"),
    "result_reason": gettext_lazy("Reason for the negative result"),
    "budgets.budget.kind": gettext_lazy("Kind of budget"),
    "objects.customer.kind": gettext_lazy("Kind of customer"),
    "objects.governanceobject.kind": gettext_lazy("Kind of object"),
    "financing": gettext_lazy("Financing"),
    "asset_class_id": gettext_lazy("Asset class"),
    "purpose": gettext_lazy("Purpose"),
    "year": gettext_lazy("Year"),
    "principal_ore": gettext_lazy("Amount borrowed, SEK"),
    "amount_ore": gettext_lazy("Amount, SEK"),
    "life_years": gettext_lazy("Years of repayment"),
    "planned_loan_id": gettext_lazy("Planned loan"),
    "loan_id": gettext_lazy("Loan"),
    "debt_on": gettext_lazy("Day of the debt"),
    "debt_ore": gettext_lazy("Debt, SEK"),
    "useful_life_years": gettext_lazy("Useful life, years"),
    "assumed_life_years": gettext_lazy("Assumed life, years"),
    "decided_by_id": gettext_lazy("Adopted by the decision"),
    "needs": gettext_lazy("Needs"),
    "guarantee_fee_ore": gettext_lazy("Guarantee fee, SEK"),
    "framework_id": gettext_lazy("Borrowing framework"),
    "decided_on": gettext_lazy("Decided on"),
    "announced_on": gettext_lazy("Announced on"),
    "legal_force_on": gettext_lazy("Legal force"),
    "table": gettext_lazy("Table"),
    "row": gettext_lazy("Row"),
    "column": gettext_lazy("Column"),
    "label": gettext_lazy("Heading"),
    "edition": gettext_lazy("Year and kind of figure"),
    "tkr": gettext_lazy("Amount, tkr"),
    "is_unknown": gettext_lazy("Not yet known"),
    "action": gettext_lazy("Step"),
    "from_state": gettext_lazy("From"),
    "to_state": gettext_lazy("To"),
    "on_behalf": gettext_lazy("On somebody's behalf"),
    "comment": gettext_lazy("Comment"),
    "removed_at": gettext_lazy("Removed"),
    "resolved_at": gettext_lazy("Resolved"),
    "to_id": gettext_lazy("For whom"),
    "done_at": gettext_lazy("Done"),
    "size": gettext_lazy("Size, bytes"),
    "decision_id": gettext_lazy("Decision"),
    "plan_id": gettext_lazy("Object plan"),
    "user_id": gettext_lazy("User"),
    "role": gettext_lazy("Role"),
    "municipality_id": gettext_lazy("Municipality"),
    "customer_id": gettext_lazy("Customer"),
    "scopes": gettext_lazy("Rights"),
    "expires_on": gettext_lazy("Last day"),
    "revoked_at": gettext_lazy("Revoked"),
    "organisation_number": gettext_lazy("Organisation number"),
    "bankgiro": gettext_lazy("Bankgiro"),
    "gln": gettext_lazy("GLN"),
    "code": gettext_lazy("Code"),
    "county": gettext_lazy("County"),
    "member_from_on": gettext_lazy("Member from"),
    "member_to_on": gettext_lazy("Member to"),
    "objects.inhabitants.count": gettext_lazy("Number of inhabitants"),
    "records.historydisposal.count": gettext_lazy("Number of events"),
    "reason": gettext_lazy("Reason"),
    "has_own_budget": gettext_lazy("Has a sub-budget"),
    "ended_on": gettext_lazy("Ended on"),
    "valid_from_on": gettext_lazy("Decided from"),
    "percent": gettext_lazy("Per cent"),
    "month": gettext_lazy("Month"),
    "seller_name": gettext_lazy("Seller"),
    "seller_organisation_number": gettext_lazy("Seller's organisation number"),
    "seller_bankgiro": gettext_lazy("Seller's bankgiro"),
    "billing_run_id": gettext_lazy("Month"),
    "invoice_id": gettext_lazy("Invoice"),
    "customer_name": gettext_lazy("Customer's name"),
    "customer_organisation_number": gettext_lazy("Customer's organisation number"),
    "number": gettext_lazy("Number"),
    "invoice_on": gettext_lazy("Invoice date"),
    "net_ore": gettext_lazy("Without VAT, SEK"),
    "vat_ore": gettext_lazy("VAT, SEK"),
}
AMOUNT = re.compile(r"amount_([123])_ore")
STATES: dict[str, str | Promise] = {
    **dict(SubBudget.Status.choices),
    **dict(Budget.Phase.choices),
    **dict(Budget.Status.choices),
}
# What fields without choices of their own hold.
CHOICES: dict[str, dict[str, str | Promise]] = {
    "from_state": STATES,
    "to_state": STATES,
    "cost_kind": dict(COST_KINDS),
    "scopes": dict(Scope.choices),
}
# Instead of a value that is told to nobody.
KEPT = "…"

Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class FieldChange:
    """A field's name, and its values as shown; nothing before what is added, nothing after what is removed."""

    label: str
    old: str
    new: str


def label_of(field: models.Field[Any, Any], year: int) -> str:
    """A field's name in the reader's language; amounts by their year."""
    amount = AMOUNT.fullmatch(field.attname)
    if amount and year:
        return _("Amount %(year)s, SEK") % {"year": year + int(amount[1]) - 1}
    return capfirst(str(find_label(field) or field.verbose_name))


def find_label(field: models.Field[Any, Any]) -> str | Promise | None:
    """The words for a field: those of this list for its model, else its model's own, else those for any of its name."""
    own = LABELS.get(f"{field.model._meta.label_lower}.{field.attname}") or getattr(field, "_verbose_name", None)
    return own or LABELS.get(field.attname)


def show_value(field: models.Field[Any, Any], value: Any, names: Names) -> str:
    """A stored value as people read it; a dash for nothing."""
    if value is None or value == "":
        return UNKNOWN
    if field.is_relation:
        return names.get((str(field.related_model._meta.model_name), value)) or UNKNOWN  # type: ignore[union-attr]
    choices = dict(field.flatchoices) or CHOICES.get(field.attname)
    if choices:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(choices.get(one, one)) for one in chosen)
    if isinstance(field, OreField):
        return format_sek(int(value))
    if isinstance(field, models.DecimalField):
        return format_decimal(_trim(Decimal(str(value))))
    return _show_plain(field, value)


def _show_plain(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, models.DateTimeField):
        return date_format(localtime(datetime.fromisoformat(str(value))), "j b Y H:i")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(str(value)), "j b Y")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return Truncator(str(value)).chars(LONGEST_TEXT)


def _trim(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
