"""Who carries the posts of a staff list: kept with the staged rows, so that an import is undone from its own rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.models import PostPart
from records.models import Import, ImportRow

BATCH = 500


def add_carriers(row: Import) -> None:
    """Have each new post carried whole by what its unit names."""
    PostPart.objects.bulk_create(
        (PostPart(post_id=found.target_id or 0, **_carrier_of(found)) for found in _rows(row, ImportRow.Status.NEW)),
        batch_size=BATCH,
    )


def _rows(row: Import, status: str) -> Iterator[ImportRow]:
    return row.rows.filter(status=status).order_by("pk").iterator(chunk_size=BATCH)


def _carrier_of(found: ImportRow) -> dict[str, int]:
    name = "pool_id" if found.values["carrier"] == "pool" else "budget_product_id"
    return {name: found.values["carrier_id"]}


def keep_carriers(row: Import) -> None:
    """Keep who carries the posts that go, and remove those parts; what was calculated of them goes with them."""
    for found in _rows(row, ImportRow.Status.GONE):
        parts = PostPart.objects.filter(post_id=found.target_id or 0).order_by("pk")
        kept = parts.values_list("pool_id", "budget_product_id", "weight")
        found.values["parts"] = [[pool, product, str(weight)] for pool, product, weight in kept]
        found.save(update_fields=["values"])
        parts.delete()


def put_carriers_back(row: Import) -> None:
    """Give posts that came back the carriers that they had."""
    for found in _rows(row, ImportRow.Status.GONE):
        for pool, product, weight in found.values.get("parts", ()):
            PostPart.objects.create(
                post_id=found.target_id or 0, pool_id=pool, budget_product_id=product, weight=Decimal(weight)
            )


def take_carriers_away(row: Import) -> None:
    """Remove the carriers of the posts that the import added."""
    added = row.rows.filter(status=ImportRow.Status.NEW)
    PostPart.objects.filter(post_id__in=list(added.values_list("target_id", flat=True))).delete()


def find_moved_carriers(row: Import) -> list[str]:
    """Return the titles of added posts that are not carried as the import had them."""
    added = list(_rows(row, ImportRow.Status.NEW))
    held: dict[int, list[tuple[int | None, int | None]]] = {}
    parts = PostPart.objects.filter(post_id__in=[found.target_id for found in added])
    for post, pool, product in parts.values_list("post_id", "pool_id", "budget_product_id"):
        held.setdefault(post, []).append((pool, product))
    moved = []
    for found in added:
        carrier = _carrier_of(found)
        expected = [(carrier.get("pool_id"), carrier.get("budget_product_id"))]
        # A post that is gone is told of by the frame.
        if held.get(found.target_id or 0, expected) != expected:
            moved.append(str(found.values["title"]))
    return moved
