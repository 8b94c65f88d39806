"""The calculation: from posts, pools and rates to calculated lines (rules 4 and 5).

All or nothing: with one problem in what it is made of, nothing is written, and products keep their last calculated lines.
Only in a budget that was never calculated posts get their own cost all the same: else a copy would show them as free.
The state is locked before anything is read, and stores the count it read: a change that comes later counts again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from budgets.models import Budget
from engine.money import split_by_shares, to_whole_shares
from engine.personnel import PersonnelRow, RateMissingError, Tariff
from engine.pools import Receiver, To, find_problems, place_pools
from engine.result import CostKind
from pricing.models import CalculationState, PostCost
from pricing.selectors.inputs import YEARS, Inputs, load_inputs
from pricing.services.calculated import Calculated, Figure, Target
from pricing.services.telling import tell_approvers
from pricing.services.writing import write_calculated, write_post_costs
from records.reasons import Reason
from records.services import join_change

BY = "calculation"


def calculate_budget(budget_id: int) -> bool:
    """Bring a draft's calculated lines up to date; return whether they were behind. Right when run twice or killed.

    A budget that is proposed, or no draft, is left as it is.
    """
    with transaction.atomic():
        states = CalculationState.objects.select_for_update().filter(pk=budget_id).exclude(changed=F("calculated"))
        state = states.first()
        if state is None:
            return False
        budget = Budget.objects.get(pk=budget_id)
        if budget.status != Budget.Status.DRAFT or budget.phase == Budget.Phase.PROPOSED:
            return False
        done = calculate(load_inputs(budget))
        if not done.problems:
            with join_change(by=BY, reason=Reason.CALCULATE):
                write_calculated(budget, done)
                tell_approvers(budget)
        elif not PostCost.objects.filter(part__post__budget=budget).exists():
            write_post_costs(budget, done)
        state.calculated, state.problems = state.changed, done.problems
        state.calculated_at, state.failed_at = timezone.now(), None
        state.save()
    return True


def calculate(inputs: Inputs) -> Calculated:
    """Return what a budget's posts, pools, rates and capital come to; nothing is written."""
    done = Calculated()
    costs: dict[int, Figure] = {pool.pk: Figure() for pool in inputs.pools}
    try:
        _cost_posts(inputs, done, costs)
    except RateMissingError as missing:
        done.problems.append({"problem": "rate_missing", "rate": missing.kind, "month": missing.month.isoformat()})
        done.post_costs.clear()
    for pool in inputs.pools:
        for line in inputs.lines.get(pool.pk, ()):
            costs[pool.pk].add(list(line.amounts), line.provenance)
    if not done.problems:
        _place(inputs, done, costs)
    for row in inputs.capital:
        target = Target(row.product_id, CostKind(row.cost_kind))
        done.lines.setdefault(target, Figure()).add(list(row.amounts), row.provenance)
    return done


def _cost_posts(inputs: Inputs, done: Calculated, costs: Mapping[int, Figure]) -> None:
    """Cost each post by year and row, and split each row on who carries it."""
    tariff = Tariff(inputs.rates, inputs.indexes)
    parts = defaultdict(list)
    for part in inputs.parts:
        parts[part.post_id].append(part)
    for pk, post in inputs.posts.items():
        if not parts[pk]:
            done.problems.append({"problem": "post_without_carrier", "post": pk})
            continue
        shares = to_whole_shares([part.weight for part in parts[pk]])
        years = [tariff.cost(post, year) for year in inputs.budget.years]
        for row in PersonnelRow:
            split = [split_by_shares(rows[row], shares) for rows in years]
            for place, part in enumerate(parts[pk]):
                amounts = [ores[place] for ores in split]
                done.post_costs[part.pk, row.value] = amounts
                if part.carrier.pool_id is not None:
                    figure = costs[part.carrier.pool_id]
                else:
                    figure = done.lines.setdefault(Target(part.carrier.product_id or 0, CostKind.PERSONNEL), Figure())
                figure.add(amounts, inputs.post_sources[pk], inputs.rate_source)


def _place(inputs: Inputs, done: Calculated, costs: dict[int, Figure]) -> None:
    """Place the pools of each year, and gather what products take."""
    given = [inputs.to_pools(year) for year in YEARS]
    own = [{key: figure.amounts[year] for key, figure in costs.items()} for year in YEARS]
    done.problems.extend(_find_ended(inputs))
    for year in YEARS:
        for found in find_problems(given[year], own[year]):
            said = {"problem": found.problem.value, "pools": list(found.pools), "total": str(float(found.total))}
            done.problems.append({**said, "year": inputs.budget.years[year]})
    if done.problems:
        return
    placed = [place_pools(given[year], own[year]) for year in YEARS]
    gives = {pool.pk: (pool.gives, pool.provenance) for pool in inputs.pools}
    sources = {
        (weight.pool_id, weight.to): weight.provenance for weights in inputs.weights.values() for weight in weights
    }
    # In the order of payment, so that a pool's sources are whole before it gives.
    for key in placed[0]:
        for to in dict.fromkeys(to for year in placed for to in year[key]):
            amounts = [year[key].get(to, 0) for year in placed]
            kind, source = gives[key]
            from_pool = (*costs[key].sources, source, sources[key, to])
            done.shares[_share_key(key, to)] = amounts
            if to.to is To.POOL:
                costs[to.key].sources.update(from_pool)
            else:
                taken = CostKind.PERSONNEL if to.to is To.BASE_GRANT and kind == CostKind.STAFF_TIME else kind
                done.lines.setdefault(Target(to.key, taken), Figure()).add(amounts, *from_pool)


def _find_ended(inputs: Inputs) -> Iterator[dict[str, object]]:
    """Find weights on products that have ended before the year begins."""
    begins = [date(year, 1, 1) for year in inputs.budget.years]
    for weights in inputs.weights.values():
        for weight in weights:
            for begin, used in zip(begins, weight.weights, strict=True):
                if used and weight.ended_on is not None and weight.ended_on < begin:
                    said = {"problem": "ended_product", "pools": [weight.pool_id], "product": weight.name}
                    yield {**said, "year": begin.year}


def _share_key(pool_id: int, to: Receiver) -> tuple[int, int | None, int | None]:
    is_pool = to.to is To.POOL
    return (pool_id, to.key if is_pool else None, None if is_pool else to.key)
