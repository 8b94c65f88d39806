"""The demo's device register: assumed batches whose cost by class and year is what the document says was bought.

What no customer has (networks, servers, a system) is the federation's own, one asset a year, of the same columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from engine.depreciation import ASSUMED_MONTH
from engine.money import ORE_PER_TKR
from investments.models import AssetClass, DeviceBatch
from itsam.demo.reader import Reader, Row
from objects.models import Customer
from records.models import Provenance

PARENT, CHILD = "computers", "student_computers"
CHILD_NAME, CHILD_LIFE = "Elevdatorer", 3
DEVICES = (PARENT, CHILD, "mobile_phones")
ORE_PER_SEK = 100
# The columns of what was bought before the first budget with lines, and their years.
BOUGHT = {"forecast_2024": 2024, "budget_2025": 2025}
COLUMNS = (
    "asset_class", "model", "municipality_code", "cost_centre", "taken_into_use", "number", "unit_price_sek", "state",
    "retired", "sold_sek",
)  # fmt: skip


@dataclass(frozen=True)
class DeviceRows:
    """Checked rows, ready to write: batches with the slug of their class and the code of their municipality, if any."""

    batches: list[tuple[str, str, DeviceBatch]]


def read_devices(reader: Reader) -> DeviceRows:
    """Read and check the register, and what else was bought."""
    codes = {row.text("municipality_code") for row in reader.rows("municipalities.csv", "municipality_code")}
    batches = [_batch(row, codes) for row in reader.rows("devices.csv", *COLUMNS)]
    columns = ("asset_class", "name_sv", "financing", *BOUGHT)
    others = [own for row in reader.rows("investments.csv", *columns) for own in _own(row)]
    return DeviceRows([*batches, *others])


def _batch(row: Row, codes: set[str]) -> tuple[str, str, DeviceBatch]:
    state = row.known("state", DeviceBatch.State.values)
    sold = row.whole("sold_sek", least=0)
    batch = DeviceBatch(
        model=row.text("model"),
        cost_centre=row.text("cost_centre", required=False, longest=60),
        taken_on=_month(row, "taken_into_use"),
        number=row.required_whole("number", least=1),
        unit_price_ore=row.required_whole("unit_price_sek", least=1) * ORE_PER_SEK,
        state=state,
        retired_on=_month(row, "retired") if state == DeviceBatch.State.RETIRED else None,
        sale_price_ore=None if sold is None else sold * ORE_PER_SEK,
        provenance=Provenance.ASSUMED,
    )
    return row.known("asset_class", DEVICES), row.known("municipality_code", codes), batch


def _month(row: Row, name: str) -> date:
    try:
        return date.fromisoformat(f"{row.text(name)}-01")
    except ValueError:
        row.fail(name, _("Write a month as 2026-03."))
        return date(2000, 1, 1)


def _own(row: Row) -> list[tuple[str, str, DeviceBatch]]:
    """Return what the federation bought for itself of a class, by year; no finance lease, which is not owned."""
    slug = row.cells["asset_class"]
    if slug.startswith("TOTAL") or slug in DEVICES or row.cells["financing"] != "loan":
        return []
    name = row.text("name_sv")
    amounts = [(year, row.whole(column, least=0) or 0) for column, year in BOUGHT.items()]
    return [
        (
            slug,
            "",
            DeviceBatch(
                model=f"{name} {year}",
                taken_on=date(year, ASSUMED_MONTH, 1),
                number=1,
                unit_price_ore=tkr * ORE_PER_TKR,
                provenance=Provenance.ASSUMED,
            ),
        )
        for year, tkr in amounts
        if tkr
    ]


def create_devices(rows: DeviceRows) -> None:
    """Write them; student computers are a child of computers and stand after them."""
    parent = AssetClass.objects.get(slug=PARENT)
    AssetClass.objects.filter(position__gt=parent.position).update(position=F("position") + 1)
    AssetClass.objects.create(
        slug=CHILD, name=CHILD_NAME, useful_life_years=CHILD_LIFE, parent=parent, position=parent.position + 1
    )
    AssetClass.objects.filter(slug__in=DEVICES).update(is_device=True)
    classes = {row.slug: row for row in AssetClass.objects.all()}
    customers = {row.municipality.code: row for row in Customer.objects.filter(municipality__isnull=False)}
    for slug, code, batch in rows.batches:
        batch.asset_class, batch.customer = classes[slug], customers.get(code)
    DeviceBatch.objects.bulk_create(batch for _slug, _code, batch in rows.batches)
