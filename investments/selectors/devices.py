"""The device register: what each sees of it, its ages, and what it gives the engine.

Everything that goes through the whole register reads plain values: twenty thousand batches are a fraction of a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Case, DateField, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from engine.depreciation import Asset, Disposal, Impairment, count_months
from engine.devices import Batch, Retirement, is_past_its_cycle, split_batch
from investments.models import AssetClass, DeviceBatch, DeviceEvent
from objects.models import Customer
from web.ordering import in_swedish

if TYPE_CHECKING:
    from accounts.models import User

State = DeviceBatch.State
DEVICE_FIELDS = (
    "asset_class", "model", "customer", "cost_centre", "taken_on", "number", "unit_price_ore", "state", "note",
)  # fmt: skip
# What is ordered is not yet the federation's to depreciate; what lies in storage is.
OWNED = (State.IN_USE, State.IN_STORAGE, State.RETIRED)
HELD = (State.IN_USE, State.IN_STORAGE)


class HeldAsset(NamedTuple):
    """An asset of the register as the engine depreciates it, with the primary keys of its class and its customer.

    `is_assumed` says that its row, or the life of its class, is assumed.
    """

    asset: Asset
    asset_class_id: int
    customer_id: int | None
    is_assumed: bool


class Cohort(NamedTuple):
    """How many devices of a class a customer took into use in a month (year × 12 + month − 1) at one price, that are left."""

    asset_class_id: int
    customer_id: int | None
    taken: int
    unit_price_ore: int
    number: int
    is_assumed: bool


class Ages(NamedTuple):
    """How many devices of a class somebody has, by whole years of age, and how many have reached their cycle."""

    asset_class: AssetClass
    customer: Customer | None
    by_age: dict[int, int]
    past: int
    is_assumed: bool

    @property
    def number(self) -> int:
        """All of them."""
        return sum(self.by_age.values())


def load_lives() -> dict[int, tuple[int, bool]]:
    """Return each class's life in years by its primary key, and whether it is assumed; a class without a life is left out."""
    rows = AssetClass.objects.values_list("pk", "useful_life_years", "assumed_life_years")
    return {key: (life, known is None) for key, known, assumed in rows if (life := known or assumed)}


def load_assets(lives: Mapping[int, tuple[int, bool]] | None = None) -> list[HeldAsset]:
    """Return every asset of the register (rule 8), öre: one for each batch, more where some of a batch is retired.

    `lives` are those of a budget, where it has its own. What is ordered is not among them, nor is a class without a life.
    """
    found = load_lives() if lives is None else lives
    names = (
        "pk", "asset_class_id", "customer_id", "taken_on", "number", "unit_price_ore", "retired_on", "sale_price_ore",
        "provenance",
    )  # fmt: skip
    happened = _load_events()
    held: list[HeldAsset] = []
    for key, kind, customer, taken, number, price, retired, sale, source in DeviceBatch.objects.filter(
        state__in=OWNED
    ).values_list(*names):
        if kind not in found:
            continue
        life, is_assumed = found[kind]
        end = None if retired is None else Disposal(retired.year, retired.month, sale or 0)
        if key not in happened:
            assets = [Asset(number * price, life, taken.year, taken.month, disposal=end)]
        else:
            assets = split_batch(_make_batch(number, price, life, taken, end, happened[key]))
        held += [HeldAsset(asset, kind, customer, is_assumed or source == "assumed") for asset in assets]
    return held


Happened = tuple[str, date, int | None, int | None, int | None]


def _load_events(**of: object) -> dict[int, list[Happened]]:
    rows = DeviceEvent.objects.filter(**of).order_by("month_on", "pk")
    found: dict[int, list[Happened]] = defaultdict(list)
    names = ("batch_id", "kind", "month_on", "number", "price_ore", "value_ore")
    for key, kind, month, number, price, value in rows.values_list(*names):
        found[key].append((kind, month, number, price, value))
    return found


def _make_batch(
    number: int, price: int, life: int, taken: date, end: Disposal | None, happened: list[Happened]
) -> Batch:
    """Return a batch as the engine's value; one that is retired as a whole retires what its events have left."""
    retired = [
        Retirement(on.year, on.month, n or 0, ore or 0) for kind, on, n, ore, _v in happened if kind == "retired"
    ]
    if end is not None:
        left = number - sum(row.number for row in retired)
        retired.append(Retirement(end.year, end.month, left, end.price))
    lowered = [Impairment(on.year, on.month, v or 0) for kind, on, _n, _o, v in happened if kind == "impaired"]
    return Batch(number, price, life, taken.year, taken.month, retired, lowered)


def load_batch(row: DeviceBatch, events: list[DeviceEvent] | None = None, *, lives: int | None = None) -> Batch | None:
    """Return one batch as the engine's value, with its stored events or others; None while its class has no life."""
    life = lives or row.asset_class.life_years
    if life is None:
        return None
    if events is None:
        happened = _load_events(batch=row.pk).get(row.pk, []) if row.pk else []
    else:
        ordered = sorted(events, key=lambda event: event.month_on)
        happened = [(e.kind, e.month_on, e.number, e.price_ore, e.value_ore) for e in ordered]
    end = (
        None if row.retired_on is None else Disposal(row.retired_on.year, row.retired_on.month, row.sale_price_ore or 0)
    )
    return _make_batch(row.number, row.unit_price_ore, life, row.taken_on, end, happened)


def load_cohorts(user: User | None = None, *, states: tuple[State, ...] = HELD) -> list[Cohort]:
    """Return what is left of the register in some states, gathered by class, customer, month and price.

    `user` narrows it to what the user may see.
    """
    keys = ("asset_class_id", "customer_id", "taken_on", "unit_price_ore", "provenance")
    rows = DeviceBatch.objects.filter(state__in=states)
    if user is not None:
        rows = rows.visible_to(user)
    counted = rows.order_by().values_list(*keys).annotate(total=Sum("number"))
    gone = rows.filter(happenings__kind="retired").order_by().values_list(*keys)
    retired = {tuple(row[:-1]): row[-1] for row in gone.annotate(total=Sum("happenings__number"))}
    found = []
    for *values, total in counted:
        kind, customer, taken, price, source = values
        if left := total - retired.get(tuple(values), 0):
            month = count_months(taken.year, taken.month)
            found.append(Cohort(kind, customer, month, price, left, source == "assumed"))
    return found


def load_ages(user: User, today: date) -> list[Ages]:
    """Return the ages on a day of what is in use or in storage, by class in its order and customer by name.

    Only classes of devices: a network has a life, but nobody counts its pieces.
    """
    classes = AssetClass.objects.filter(is_device=True).in_bulk()
    customers = {row.pk: row for row in Customer.objects.order_by(in_swedish("name"))}
    lives, month = load_lives(), count_months(today.year, today.month)
    found: dict[tuple[int, int | None], Ages] = {}
    for row in load_cohorts(user):
        if row.asset_class_id not in classes:
            continue
        key = row.asset_class_id, row.customer_id
        ages = found.get(key) or Ages(classes[key[0]], customers.get(key[1] or 0), {}, 0, is_assumed=False)
        years = max(0, month - row.taken) // 12
        ages.by_age[years] = ages.by_age.get(years, 0) + row.number
        life = lives.get(row.asset_class_id)
        late = row.number if life and is_past_its_cycle(row.taken, month, life[0]) else 0
        found[key] = ages._replace(past=ages.past + late, is_assumed=ages.is_assumed or row.is_assumed)
    order, places = list_in_order(), list(customers)
    return [found[kind, key] for kind in order for key in (None, *places) if (kind, key) in found]


def list_in_order() -> list[int]:
    """Return the primary keys of the classes in their order, each child after its parent."""
    rows = list(AssetClass.objects.order_by("position", "pk").values_list("pk", "parent_id"))
    return [
        key
        for top, parent in rows
        if parent is None
        for key in (top, *(child for child, above in rows if above == top))
    ]


def list_devices(user: User) -> QuerySet[DeviceBatch]:
    """Return the batches that the user may see, each with what is `left` of it and the month it is `due_on`."""
    gone = DeviceEvent.objects.filter(batch=OuterRef("pk"), kind="retired").order_by().values("batch")
    retired = Subquery(gone.annotate(total=Sum("number")).values("total"), output_field=IntegerField())
    life = Coalesce("asset_class__useful_life_years", "asset_class__assumed_life_years")
    rows: QuerySet[DeviceBatch] = DeviceBatch.objects.visible_to(user).select_related("asset_class", "customer")
    return rows.annotate(
        left=Case(When(state=State.RETIRED, then=0), default=F("number") - Coalesce(retired, Value(0))),
        cost=F("number") * F("unit_price_ore"),
        due_on=Func(
            F("taken_on"),
            life,
            template="(%(expressions)s))::date",
            arg_joiner=" + make_interval(years => ",
            output_field=DateField(),
        ),
    )


def sum_devices(rows: QuerySet[Any]) -> dict[str, int]:
    """Return how many devices are left of the rows of `list_devices`, and what all of them cost, öre."""
    found = rows.order_by().aggregate(all_left=Sum("left"), all_cost=Sum("cost"))
    return {"left": found["all_left"] or 0, "cost": found["all_cost"] or 0}


def narrow_by_age(rows: QuerySet[Any], age: str, today: date) -> QuerySet[Any]:
    """Return those of `list_devices` in use or in storage whose cycle has ended, ends within a year, or later."""
    first, after = today.replace(day=1), date(today.year + 1, today.month, 1)
    held = rows.filter(state__in=HELD)
    return {
        "past": held.filter(due_on__lte=first),
        "soon": held.filter(due_on__gt=first, due_on__lte=after),
        "later": held.filter(due_on__gt=after),
    }[age]


def find_device(user: User, uuid: UUID) -> DeviceBatch | None:
    """Return one batch, if the user may see it."""
    return list_devices(user).filter(uuid=uuid).first()


def count_left(row: DeviceBatch) -> int:
    """Return how many devices of a batch are not retired."""
    if row.state == State.RETIRED:
        return 0
    gone = DeviceEvent.objects.filter(batch=row.pk, kind="retired").aggregate(total=Sum("number"))["total"]
    return int(row.number - (gone or 0))


def list_holders() -> QuerySet[Customer]:
    """Return the customers that devices may belong to: all but those who buy used ones."""
    rows: QuerySet[Customer] = Customer.objects.exclude(kind=Customer.Kind.BUYER).order_by(in_swedish("name"))
    return rows


def list_events(row: DeviceBatch) -> list[DeviceEvent]:
    """Return what has become of some of a batch, oldest first."""
    return list(DeviceEvent.objects.filter(batch=row.pk).order_by("month_on", "pk"))
