"""History in the reader's words: the names of fields, values as they are shown elsewhere, reasons and people."""

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

from itsam.web.fields import OreField
from itsam.web.numbers import UNKNOWN, format_decimal, format_sek

LONGEST_TEXT = 160
# What people neither set nor see, or what another field already says.
HIDDEN = frozenset({"id", "uuid", "lineage", "budget_id", "edited_at", "created_at", "adopted_at", "slug"})
LABELS: dict[str, str | Promise] = {
    "text": gettext_lazy("Text"),
    "cost_kind": gettext_lazy("Cost kind"),
    "quantity": gettext_lazy("Quantity"),
    "unit_price_ore": gettext_lazy("Unit price, SEK"),
    "governance_object_id": gettext_lazy("Object that the cost is for"),
    "note": pgettext_lazy("of a line", "Note"),
    "position": gettext_lazy("Place in the order"),
    "provenance": gettext_lazy("Source"),
    "budget_product_id": gettext_lazy("Product"),
    "sub_budget_id": gettext_lazy("Sub-budget"),
    "allocation_key_id": gettext_lazy("Allocation key"),
    "name": gettext_lazy("Name"),
    "name_sv": gettext_lazy("Name in Swedish"),
    "name_en": gettext_lazy("Name in English"),
    "text_sv": gettext_lazy("Text in Swedish"),
    "text_en": gettext_lazy("Text in English"),
    "changes_sv": gettext_lazy("Essential changes"),
    "category": gettext_lazy("Revenue category"),
    "vat_percent": gettext_lazy("VAT, %"),
    "status": gettext_lazy("Status"),
    "due_on": gettext_lazy("Due"),
    "kind": gettext_lazy("Kind of budget"),
    "financing": gettext_lazy("Financing"),
}
AMOUNT = re.compile(r"amount_([123])_ore")
REASONS: dict[str, str | Promise] = {
    "add cost line": gettext_lazy("a line was added"),
    "change cost line": gettext_lazy("a line was changed"),
    "delete cost line": gettext_lazy("a line was deleted"),
    "undo delete of cost line": gettext_lazy("a deletion was undone"),
    "restore earlier values of cost line": gettext_lazy("earlier values were restored"),
    "demo": gettext_lazy("the demo was loaded"),
    "link reason": gettext_lazy("a reason was linked"),
    "remove reason": gettext_lazy("a reason was removed"),
}
STARTS: dict[str, str | Promise] = {
    "adopt by ": gettext_lazy("adopted by %(rest)s"),
    "copy forward of ": gettext_lazy("copied forward from %(rest)s"),
}
PROGRAMS: dict[str, str | Promise] = {
    "load_demo": gettext_lazy("the system (demo)"),
    "system": gettext_lazy("the system"),
    "anonymous": gettext_lazy("somebody not signed in"),
}
# A request that no service named a reason for.
REQUEST = re.compile(r"(?:POST|PUT|PATCH|DELETE) /(admin/)?\S*")

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
    return str(LABELS.get(field.attname) or capfirst(str(field.verbose_name)))


def show_value(field: models.Field[Any, Any], value: Any, names: Names) -> str:
    """A stored value as people read it; a dash for nothing."""
    if value is None or value == "":
        return UNKNOWN
    if field.is_relation:
        return names.get((str(field.related_model._meta.model_name), value)) or UNKNOWN  # type: ignore[union-attr]
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, OreField):
        return format_sek(int(value))
    if isinstance(field, models.DecimalField):
        return format_decimal(_trim(Decimal(str(value))))
    return _show_plain(field, value)


def _show_plain(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, models.DateTimeField):
        return date_format(localtime(datetime.fromisoformat(str(value))), "j M Y H:i")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(str(value)), "j M Y")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return Truncator(str(value)).chars(LONGEST_TEXT)


def _trim(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def say_reason(reason: str) -> str:
    """Why, in the reader's language where the system wrote it, else in the person's own words; empty when not told."""
    if reason in REASONS:
        return str(REASONS[reason])
    for start, said in STARTS.items():
        if reason.startswith(start):
            return str(said) % {"rest": reason.removeprefix(start)}
    asked = REQUEST.fullmatch(reason)
    if asked:
        return _("changed in the administration") if asked[1] else ""
    return reason


def say_author(by: str, people: Mapping[str, str]) -> str:
    """Who: a person's name where known, else the address or the program."""
    return people.get(by) or str(PROGRAMS.get(by, by)) or _("unknown")
