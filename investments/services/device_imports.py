"""Imports of the device register: a row is a batch, told apart by the source's own number or by what it says.

The trick: a row without a number of its own gets one made of what tells it apart, so the same file read again changes
nothing, and a corrected one changes what it corrects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from budgets.services.imports.base import say_near
from engine.money import MAX_ORE
from investments.models import AssetClass, DeviceBatch, DeviceEvent
from investments.models.devices import AHEAD, BACK, MOST_DEVICES
from investments.selectors.devices import list_holders
from objects.models import Customer
from objects.selectors.registers import can_keep
from records.import_kinds import Cell, CellFault, Check, Fault, Field, Form, ImportKind, Value, Values
from records.models import Import, ImportRow, Provenance
from records.services.imports.cells import is_empty, read_day, read_ore, read_text, read_whole, show
from web.days import WithinYears
from web.months import read_month, say_no_month

if TYPE_CHECKING:
    from accounts.models import User

REGISTER = "register"
State = DeviceBatch.State
# What registers of devices call the states, in Swedish and English.
STATES = {
    **dict.fromkeys(("", "i drift", "i bruk", "aktiv", "används", "in use", "in_use", "active"), State.IN_USE),
    **dict.fromkeys(("beställd", "best", "ordered"), State.ORDERED),
    **dict.fromkeys(("i lager", "lager", "reserv", "in storage", "in_storage", "stock"), State.IN_STORAGE),
    **dict.fromkeys(("utrangerad", "såld", "kasserad", "avvecklad", "uttjänt", "retired", "sold"), State.RETIRED),
}


def read_first(bounds: WithinYears, *, empty: bool = False) -> Callable[[Cell], Value]:
    """Return a reader of a month, or of a day of it, as its first day."""
    read = read_day(bounds, empty=empty)

    def reader(cell: Cell) -> date | None:
        month = None if isinstance(cell, date) else read_month(str(cell if isinstance(cell, int) else show(cell)))
        if month is None and isinstance(cell, str) and not is_empty(cell):
            raise CellFault(say_no_month(show(cell)))
        day = read(month or cell)
        return day.replace(day=1) if isinstance(day, date) else None

    return reader


class DevicesImport(ImportKind):
    """The device register, or one source's part of it."""

    key = "devices"
    label = gettext_lazy("Device register")
    about = gettext_lazy(
        "Class, model, customer, cost centre, month taken into use, number and price each; a row is a batch."
    )
    period_label = gettext_lazy("Read in to")
    fields: ClassVar[Sequence[Field]] = (
        Field("asset_class", gettext_lazy("Asset class"), ("klass", "tillgångsslag", "anläggningsslag", "typ", "enhetstyp", "asset class", "class", "type"), read_text(120)),
        Field("model", gettext_lazy("Model or type"), ("modell", "modell eller typ", "benämning", "enhet", "model", "model or type", "name"), read_text(160)),
        Field("customer", gettext_lazy("Customer"), ("kund", "kommun", "medlem", "ägare", "customer", "municipality"), read_text(120, empty=True), is_required=False),
        Field("cost_centre", gettext_lazy("The customer's cost centre"), ("kostnadsställe", "kst", "kundens kostnadsställe", "ansvar", "cost centre", "cost center"), read_text(60, empty=True), is_required=False),
        Field("taken", gettext_lazy("Month taken into use"), ("tagen i bruk", "i bruk", "ibruktagen", "månad", "inköpt", "inköpsdatum", "i bruk månad", "month taken into use", "taken into use", "month", "date"), read_first(WithinYears(BACK, AHEAD))),
        Field("number", pgettext_lazy("of devices", "Number"), ("antal", "antal enheter", "number", "quantity"), read_whole(MOST_DEVICES, least=1), is_number=True),
        Field("price", gettext_lazy("Purchase price each, SEK"), ("styckpris", "pris", "inköpspris", "pris per styck", "à-pris", "purchase price each", "purchase price", "price", "unit price"), read_ore(), is_number=True),
        Field("state", pgettext_lazy("devices", "State"), ("status", "tillstånd", "läge", "state"), read_text(30, empty=True), is_required=False),
        Field("retired", gettext_lazy("Month retired"), ("utrangerad", "utrangeringsmånad", "månad utrangerad", "såld", "month retired", "retired"), read_first(WithinYears(BACK, 0), empty=True), is_required=False),
        Field("sold", gettext_lazy("Sold for in total, SEK"), ("försäljningspris", "såld för", "såld för totalt", "sale price", "sold for in total", "sold for"), read_ore(empty=True), is_required=False, is_number=True),
        Field("reference", gettext_lazy("Batch in its source"), ("inventarienummer", "parti", "partinummer", "id", "nummer", "batch in its source", "batch", "inventory number"), read_text(120, empty=True), is_required=False),
    )  # fmt: skip
    model = DeviceBatch
    keys = ("reference",)
    columns = (
        "reference", "asset_class_id", "model", "customer_id", "cost_centre", "taken_on", "number", "unit_price_ore", "state",
        "retired_on", "sale_price_ore", "provenance",
    )  # fmt: skip
    only_new = ("uuid", "note", "edited_at")
    changed_at = "edited_at"
    figure = "number"
    figure_label = pgettext_lazy("of devices", "Number")
    form = Form.COUNT
    groups = "asset_class_id"
    groups_label = gettext_lazy("Asset class")

    def may(self, user: User) -> bool:
        """Those who keep the registers."""
        return can_keep(user)

    def list_periods(self, user: User) -> list[tuple[str, str]]:
        """The one register."""
        return [(REGISTER, self.name_period(REGISTER))]

    def name_period(self, period: str) -> str:
        """The register."""
        return _("The device register")

    def start(self, period: str, by: User) -> Check:
        """Read classes and customers, once."""
        return _Checker().check

    def scope(self, period: str) -> tuple[str, dict[str, int | str]]:
        """What came from a file; what was entered by hand has no number in any source."""
        return "t.reference <> ''", {}

    def refuse(self, row: Import, by: User) -> Iterable[tuple[int, str, str]]:
        """Return the rows that say less, or later, than what has happened to their batch."""
        rows = ImportRow.objects.filter(of=row, status=ImportRow.Status.CHANGED)
        found = {
            key: (number or 0, values) for key, number, values in rows.values_list("target_id", "number", "values")
        }
        events = DeviceEvent.objects.filter(batch__in=found).order_by().values_list("batch_id")
        for key, gone, first in events.annotate(gone=Sum("number"), first=Min("month_on")):
            number, values = found[key]
            if int(values["number"]) <= (gone or 0):
                yield number, "number", _("%(count)s of them is retired already.") % {"count": gone}
            if date.fromisoformat(values["taken_on"]) > first:
                words = _("Something happened to them in %(month)s already.")
                yield number, "taken", words % {"month": f"{first:%Y-%m}"}

    def lock(self, row: Import, by: User) -> None:
        """Refuse to take away a batch of which something has been retired or written down here."""
        gone = ImportRow.objects.filter(of=row, status=ImportRow.Status.GONE).values_list("target_id", flat=True)
        used = DeviceBatch.objects.filter(pk__in=list(gone), happenings__isnull=False).distinct()
        if names := ", ".join(str(batch) for batch in used[:5]):
            words = _(
                "The file says no more of %(names)s, of which something has been retired or written down. Undo that."
            )
            raise ValidationError(words % {"names": names})

    def name_groups(self, keys: Iterable[str]) -> dict[str, str]:
        """The names of the classes."""
        rows = AssetClass.objects.filter(pk__in=[key for key in keys if key])
        return {str(key): name for key, name in rows.values_list("pk", "name")}


class _Checker:
    """Checks rows one at a time against the classes and customers there are."""

    def __init__(self) -> None:
        rows = AssetClass.objects.all()
        self.classes = {name: row for row in rows for name in (row.name.casefold(), row.slug)}
        self.customers = _list_customers()
        self.seen: Counter[str] = Counter()
        self.today = timezone.localdate()

    def check(self, read: Mapping[str, Value], fault: Fault) -> Values:
        """Return the columns of a row, and tell every fault at its field."""
        kind, customer = self._find_class(read, fault), self._find_customer(read, fault)
        if kind is not None and kind.is_device and customer is None and not read.get("customer"):
            fault("customer", _("Devices have a customer. Write whose they are."))
        taken, price = read.get("taken"), read.get("price")
        if isinstance(price, int) and price <= 0:
            fault("price", _("Write what each cost, more than nothing."))
        number = read.get("number")
        if isinstance(price, int) and isinstance(number, int) and price * number > MAX_ORE:
            fault("price", _("All of them together cost more than can be kept. Look at the price."))
        state = self._find_state(read, fault)
        self._check_months(read, state, fault)
        values: Values = {
            "asset_class_id": kind.pk if kind else None,
            "model": read.get("model"),
            "customer_id": customer.pk if customer else None,
            "cost_centre": read.get("cost_centre") or "",
            "taken_on": taken,
            "number": number,
            "unit_price_ore": price,
            "state": state.value,
            "retired_on": read.get("retired") if state == State.RETIRED else None,
            "sale_price_ore": read.get("sold") if state == State.RETIRED else None,
            "provenance": Provenance.IMPORTED.value,
        }
        new: Values = {"uuid": str(uuid4()), "note": "", "edited_at": timezone.now().isoformat()}
        return {**values, **new, "reference": self._name(read, values)}

    def _name(self, read: Mapping[str, Value], values: Values) -> str:
        """Return the source's number, else one made of what tells the row apart; the same said twice is two batches."""
        if given := str(read.get("reference") or ""):
            return given
        names = ("asset_class_id", "customer_id", "cost_centre", "model", "taken_on", "unit_price_ore")
        made = "·".join(str(values[name] or "") for name in names)
        self.seen[made] += 1
        return f"{made}·{self.seen[made]}"

    def _find_class(self, read: Mapping[str, Value], fault: Fault) -> AssetClass | None:
        name = str(read.get("asset_class") or "")
        found = self.classes.get(name.casefold())
        if name and found is None:
            fault("asset_class", say_near(name, self.classes, _("There is no asset class %(name)s.")))
        return found

    def _find_customer(self, read: Mapping[str, Value], fault: Fault) -> Customer | None:
        name = str(read.get("customer") or "")
        found = self.customers.get(name.casefold())
        if name and found is None:
            fault("customer", say_near(name, self.customers, _("%(name)s is not a customer here.")))
        return found

    def _find_state(self, read: Mapping[str, Value], fault: Fault) -> State:
        said = str(read.get("state") or "")
        if not said and read.get("retired"):
            return State.RETIRED
        found = STATES.get(said.casefold())
        if found is None:
            words = _("%(state)s is not a state. Write in use, ordered, in storage or retired.")
            fault("state", words % {"state": said})
        return found or State.IN_USE

    def _check_months(self, read: Mapping[str, Value], state: State, fault: Fault) -> None:
        taken, retired = read.get("taken"), read.get("retired")
        if isinstance(taken, date) and state != State.ORDERED and taken > self.today:
            words = _("%(month)s has not come yet. Write an earlier month, or say that they are ordered.")
            fault("taken", words % {"month": f"{taken:%Y-%m}"})
        if state == State.RETIRED and "retired" in read and retired is None:
            fault("retired", _("Write the month in which they were retired."))
        if state != State.RETIRED and (retired is not None or read.get("sold") is not None):
            fault("state", _("They have a month or a price of retirement. Say that they are retired, or leave it out."))
        if isinstance(taken, date) and isinstance(retired, date) and retired < taken:
            fault("retired", _("They are retired before they were taken into use."))


def _list_customers() -> dict[str, Customer]:
    """Return customers by name, by their municipality's name and code, and by organisation number."""
    found: dict[str, Customer] = {}
    for row in list_holders().select_related("municipality"):
        names = [row.name, row.organisation_number]
        municipality = getattr(row, "municipality", None)
        if municipality is not None:
            names += [municipality.name, municipality.code]
        found |= dict.fromkeys((name.casefold() for name in names if name), row)
    return found


KINDS = (DevicesImport(),)
