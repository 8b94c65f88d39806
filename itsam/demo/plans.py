"""The demo's object plans: the priorities that the steering groups have agreed on."""

from __future__ import annotations

from dataclasses import dataclass

from itsam.demo.reader import Reader, Row
from objects.models import DevelopmentItem, GovernanceObject, ObjectPlan
from records.models import Provenance


@dataclass(frozen=True)
class PlanRows:
    """Checked rows by their object's slug, ready to write."""

    plans: dict[str, ObjectPlan]
    items: list[tuple[str, DevelopmentItem]]


def read_plans(reader: Reader) -> PlanRows:
    """Read and checks the files about object plans."""
    objects = {row.text("code") for row in reader.rows("objects.csv", "code")}
    columns = ("object", "from_year", "to_year", "state", "watched_sv", "provenance")
    plans = {
        row.known("object", objects): _plan(row) for row in reader.rows("object_plans.csv", *columns, key=("object",))
    }
    columns = ("object", "title_sv", "state", "year", "quarter", "provenance")
    rows = reader.rows("development_items.csv", *columns, key=("object", "title_sv"))
    return PlanRows(plans, [(row.known("object", plans), _item(row)) for row in rows])


def _plan(row: Row) -> ObjectPlan:
    first = row.required_whole("from_year", least=2000, most=2200)
    return ObjectPlan(
        from_year=first,
        to_year=row.required_whole("to_year", least=first, most=2200),
        state=row.known("state", ObjectPlan.State.values),
        watched=row.text("watched_sv", required=False, longest=400),
        provenance=row.known("provenance", Provenance.values),
    )


def _item(row: Row) -> DevelopmentItem:
    return DevelopmentItem(
        title=row.text("title_sv"),
        state=row.known("state", DevelopmentItem.State.values),
        year=row.whole("year", least=2000, most=2200),
        quarter=row.whole("quarter", least=1, most=4),
        provenance=row.known("provenance", Provenance.values),
    )


def create_plans(rows: PlanRows) -> None:
    """Write them; the files' order is the priority."""
    objects = {row.slug: row for row in GovernanceObject.objects.all()}
    for slug, plan in rows.plans.items():
        plan.governance_object = objects[slug]
        plan.save()
    last = dict.fromkeys(rows.plans, 0)
    for slug, item in rows.items:
        last[slug] += 1
        item.plan, item.priority = rows.plans[slug], last[slug]
    DevelopmentItem.objects.bulk_create(item for _slug, item in rows.items)
