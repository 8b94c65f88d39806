"""The first page of the history of a budget with 100,000 events, of one of its sub-budgets, and of everything."""

from __future__ import annotations

from statistics import median

from django.urls import reverse

from benchmarks import lines, servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from benchmarks.pages import sign_in
from budgets.models import CostLine
from records.changes import events_of

EVENTS, QUICK_EVENTS = 100_000, 10_000
LINES = 10_000
REQUESTS, WARM_UP = 30, 5
BOUND = 80
# The copy that the budget began as, then changes one minute apart: of one line mostly, of 40 now and then, of 1,000 rarely.
# Lines' amounts rise with each change, so that all of them differ from what they were.
COLUMNS = """budget_id, budget_product_id, lineage, text, cost_kind, quantity, unit_price_ore, amount_1_ore, amount_2_ore,
    amount_3_ore, governance_object_id, note, position, provenance, index_provenance, edited_at, id"""
INSERT_COPY = """
    INSERT INTO budgets_costlineevent ({columns}, pgh_obj_id, pgh_label, pgh_created_at, pgh_context_id, pgh_context)
    SELECT {columns}, id, 'insert', now() - interval '400 days', '00000000-0000-4000-8000-000000000000'::uuid,
        '{{"by": "ekonom@demo.example", "reason": "copy_forward", "of": {{"budget": "budget-2026"}}}}'::jsonb
    FROM budgets_costline WHERE budget_id = {budget}"""
INSERT_CHANGES = """
    INSERT INTO budgets_costlineevent ({columns}, pgh_obj_id, pgh_label, pgh_created_at, pgh_context_id, pgh_context)
    SELECT {changed}, l.id, 'update', a.at, a.act, jsonb_build_object('by', a.by, 'reason', a.reason)
    FROM (SELECT n, now() - (400 - n * 399.0 / {acts}) * interval '1 day' AS at, gen_random_uuid() AS act,
            CASE WHEN n % 400 = 0 THEN 1000 WHEN n % 10 = 0 THEN 40 ELSE 1 END AS size,
            CASE WHEN n % 10 = 0 THEN 'paste_into_cost_lines' ELSE 'change_cost_lines' END AS reason,
            (ARRAY['ekonom@demo.example', 'objektagare@demo.example'])[1 + n % 2] AS by
        FROM generate_series(1, {acts}) AS n) AS a,
        LATERAL generate_series(0, a.size - 1) AS k
        JOIN LATERAL (SELECT ((SELECT array_agg(id ORDER BY id) FROM budgets_costline WHERE budget_id = {budget}))[1 + (a.n * 7919 + k) % {count}] AS id) AS chosen ON true
        JOIN budgets_costline AS l ON l.id = chosen.id
    ORDER BY a.n, k"""
ACT = (1000 + 39 * 40 + 360) / 400


def measure(sizes: Sizes) -> list[Figure]:
    """The 95th percentile of the first pages, in turns."""
    events = EVENTS if sizes == Sizes() else QUICK_EVENTS
    database = lines.make_database(LINES)
    servers.manage(database, "collectstatic", "--noinput", "--verbosity", "0")
    written = _write_events(database, events)
    client, administrator = sign_in("ekonom"), sign_in("administrator")
    pages = {
        "a budget": (client, reverse("reports:budget_history", args=[lines.SLUG])),
        "a sub-budget": (client, reverse("reports:sub_budget_history", args=[lines.SLUG, "sub-budget-3"])),
        "everything": (administrator, reverse("reports:history")),
    }
    for client, address in pages.values():
        for _request in range(WARM_UP):
            if (status := client.get(address).status_code) != 200:
                raise AssertionError(f"{address} answers {status}")
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _request in range(REQUESTS):
        for name, (client, address) in pages.items():
            times[name].append(seconds_of(lambda client=client, address=address: client.get(address)))  # type: ignore[misc]
    return [_make_figure(name, taken, written) for name, taken in times.items()]


def _write_events(database: str, events: int) -> int:
    """Write events as the triggers would have; they are the owner's to write. Returns how many there are."""
    budget = lines.find_many_lines()
    pks = list(budget.cost_lines.order_by("pk").values_list("pk", flat=True))
    changed = ", ".join(
        f"l.{name.strip()} + a.n" if "_ore" in name and "amount" in name
        else "a.at" if name.strip() == "edited_at" else f"l.{name.strip()}"
        for name in COLUMNS.split(",")
    )  # fmt: skip
    values = {"columns": COLUMNS, "budget": budget.pk, "acts": int((events - len(pks)) / ACT), "count": len(pks)}
    servers.as_admin(
        database,
        INSERT_COPY.format(**values),
        INSERT_CHANGES.format(changed=changed, **values),
        "VACUUM ANALYZE budgets_costlineevent",
    )
    return events_of(CostLine).filter(budget=budget).count()


def _make_figure(name: str, times: list[float], events: int) -> Figure:
    details = {"requests": len(times), "events": events, **in_ms({"median": median(times), "largest": max(times)})}
    return Figure(f"History of {name}, first page, p95", percentile_95(times) * 1000, "ms", BOUND, details)
