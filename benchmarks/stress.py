"""The stress test of the demo: what a slider waits for besides the page, and the same read from the database."""

from __future__ import annotations

from statistics import median

from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, percentile_95, seconds_of
from budgets.models import Budget
from forecasts.selectors.scenarios import read_inputs, try_inputs
from forecasts.selectors.stress_base import load_base

BUDGET, TIMES, BOUND = "budget-2027", 100, 20
TRIED = {
    "price_change": {"computers": 0.3, "mobile_phones": {"2027": 0.5, "2028": 0.5, "2029": 0.5}},
    "quantity_change": {"computers": 0.1},
    "defer_months": {"network": 6},
    "recurring_pots": [{"name": "Pott", "yearly_amount_ore": 200_000_000, "life_years": 3}],
    "buffer_ore": 100_000_000,
    "until_year": 2036,
    "break_even_classes": ["computers", "mobile_phones"],
}


def measure(sizes: Sizes) -> list[Figure]:
    """The median of the answers to all kinds of inputs at once, with the break-even price, ten years ahead."""
    database = servers.with_demo()
    servers.use(database)
    budget = Budget.objects.get(slug=BUDGET)
    base = load_base(budget)
    inputs, frameworks, faults = read_inputs(TRIED, base)
    if faults:
        return [Figure("Stress test of the demo", None, "ms", BOUND, reason=str(faults[0]))]
    times = [seconds_of(lambda: try_inputs(base, inputs, frameworks)) for _time in range(TIMES)]
    read = [seconds_of(lambda: load_base(budget)) for _time in range(TIMES)]
    details = {
        "times": TIMES,
        "until": 2036,
        **in_ms({"p95": percentile_95(times), "read_from_database": median(read)}),
    }
    return [Figure("Stress test of the demo", median(times) * 1000, "ms", BOUND, details)]
