"""The calculation: from posts, pools and rates to calculated lines (rules 4 and 5).

All or nothing: with one problem in what it is made of, nothing is written, and products keep their last calculated lines.
The state is locked before anything is read, and stores the count it read: a change that comes later counts again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import override

from budgets.models import COST_KINDS, Budget, CostLine
from engine.money import split_by_shares, to_whole_shares
from engine.personnel import PersonnelRow, RateMissingError, Tariff
from engine.pools import Receiver, To, find_problems, place_pools
from engine.provenance import Source, weakest
from engine.result import CostKind
from engine.years import AMOUNTS
from pricing.models import CalculatedKind, CalculationState, PoolShare, PostCost
from pricing.selectors.inputs import YEARS, Inputs, load_inputs
from pricing.services.telling import tell_approvers
from records.reasons import Reason
from records.services import join_change

BY = "calculation"
Amounts = list[int]


class Target(NamedTuple):
    """A calculated line: a product, by key, and a kind of cost."""

    product_id: int
    cost_kind: str


@dataclass
class Figure:
    """Three years' öre, and where they come from."""

    amounts: Amounts = field(default_factory=lambda: [0, 0, 0])
    sources: set[str] = field(default_factory=lambda: {Source.CALCULATED.value})

    def add(self, amounts: Amounts, *sources: str) -> None:
        """Add a part."""
        self.amounts = [whole + part for whole, part in zip(self.amounts, amounts, strict=True)]
        self.sources.update(sources)


@dataclass
class Calculated:
    """What a calculation made: parts of posts by row, what pools give, and lines; or the problems that it found."""

    post_costs: dict[tuple[int, str], Amounts] = field(default_factory=dict)
    shares: dict[tuple[int, int | None, int | None], Amounts] = field(default_factory=dict)
    lines: dict[Target, Figure] = field(default_factory=dict)
    problems: list[dict[str, object]] = field(default_factory=list)


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
                _write(budget, done)
                tell_approvers(budget)
        state.calculated, state.problems = state.changed, done.problems
        state.calculated_at, state.failed_at = timezone.now(), None
        state.save()
    return True


def calculate(inputs: Inputs) -> Calculated:
    """Return what a budget's posts, pools and rates come to; nothing is written."""
    done = Calculated()
    costs: dict[int, Figure] = {pool.pk: Figure() for pool in inputs.pools}
    try:
        _cost_posts(inputs, done, costs)
    except RateMissingError as missing:
        done.problems.append({"problem": "rate_missing", "rate": missing.kind, "month": missing.month.isoformat()})
    for pool in inputs.pools:
        for line in inputs.lines.get(pool.pk, ()):
            costs[pool.pk].add(list(line.amounts), line.provenance)
    if not done.problems:
        _place(inputs, done, costs)
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
        (weight.pool_id, weight.to_pool_id or weight.budget_product_id): weight.provenance
        for weights in inputs.weights.values()
        for weight in weights
    }
    # In the order of payment, so that a pool's sources are whole before it gives.
    for key in placed[0]:
        for to in dict.fromkeys(to for year in placed for to in year[key]):
            amounts = [year[key].get(to, 0) for year in placed]
            kind, source = gives[key]
            from_pool = (*costs[key].sources, source, sources[key, to.key])
            done.shares[_share_key(key, to)] = amounts
            if to.to is To.POOL:
                costs[to.key].sources.update(from_pool)
            else:
                taken = CostKind.PERSONNEL if to.to is To.BASE_GRANT and kind == CostKind.STAFF_TIME else kind
                done.lines.setdefault(Target(to.key, taken), Figure()).add(amounts, *from_pool)


def _find_ended(inputs: Inputs) -> Iterator[dict[str, object]]:
    """Find weights on products that have ended before the year begins."""
    for weights in inputs.weights.values():
        for weight in weights:
            ended = weight.budget_product.product.ended_on if weight.budget_product else None
            for place, year in enumerate(inputs.budget.years, 1):
                if ended is not None and ended < date(year, 1, 1) and getattr(weight, f"weight_{place}"):
                    said = {
                        "problem": "ended_product",
                        "pools": [weight.pool_id],
                        "product": str(weight.budget_product),
                    }
                    yield {**said, "year": year}


def _share_key(pool_id: int, to: Receiver) -> tuple[int, int | None, int | None]:
    is_pool = to.to is To.POOL
    return (pool_id, to.key if is_pool else None, None if is_pool else to.key)


def _write(budget: Budget, done: Calculated) -> None:
    """Store what differs of posts' cost, pools' shares and lines."""
    kept = {(row.part_id, row.row): row for row in PostCost.objects.filter(part__post__budget=budget)}
    _store(PostCost, kept, done.post_costs, lambda key: {"part_id": key[0], "row": key[1]})
    shares = {
        (row.pool_id, row.to_pool_id, row.budget_product_id): row
        for row in PoolShare.objects.filter(pool__budget=budget)
    }
    names = ("pool_id", "to_pool_id", "budget_product_id")
    _store(PoolShare, shares, done.shares, lambda key: dict(zip(names, key, strict=True)))
    _write_lines(budget, done.lines)


def _store(model, kept, wanted, name) -> None:  # type: ignore[no-untyped-def]
    """Make rows of a model say what is wanted: change those that differ, add those that lack, delete the rest."""
    differing = []
    for key, row in kept.items():
        if key in wanted and list(row.amounts) != wanted[key]:
            _set_amounts(row, wanted[key])
            differing.append(row)
    model.objects.filter(pk__in=[row.pk for key, row in kept.items() if key not in wanted]).delete()
    model.objects.bulk_update(differing, AMOUNTS, batch_size=500)
    new = [(key, amounts) for key, amounts in wanted.items() if key not in kept]
    model.objects.bulk_create(model(**name(key), **dict(zip(AMOUNTS, amounts, strict=True))) for key, amounts in new)


def _set_amounts(row: object, amounts: Amounts) -> None:
    for name, ore in zip(AMOUNTS, amounts, strict=True):
        setattr(row, name, ore)


def _write_lines(budget: Budget, wanted: dict[Target, Figure]) -> None:
    """Write the calculated lines; a kind with entered lines stays entered until a person switches it."""
    kept = {Target(line.budget_product_id, line.cost_kind): line for line in _list_calculated(budget)}
    switched = _switch_new(budget, wanted)
    differing, new = [], []
    for target, figure in wanted.items():
        if target not in switched:
            continue
        line = kept.get(target)
        source = weakest(figure.sources)
        if line is None:
            new.append(_make_line(budget, target, figure, source))
        elif list(line.amounts) != figure.amounts or line.provenance != source:
            _set_amounts(line, figure.amounts)
            line.provenance, line.index_provenance, line.edited_at = source, "", timezone.now()
            differing.append(line)
    gone = [line.pk for target, line in kept.items() if target not in wanted or target not in switched]
    CostLine.objects.filter(pk__in=gone).delete()
    CostLine.objects.bulk_update(differing, [*AMOUNTS, "provenance", "index_provenance", "edited_at"])
    CostLine.objects.bulk_create(new)


def _list_calculated(budget: Budget) -> list[CostLine]:
    return list(CostLine.objects.filter(budget=budget, is_calculated=True).order_by("pk"))


def _switch_new(budget: Budget, wanted: Mapping[Target, Figure]) -> set[Target]:
    """Return what is calculated; where nothing was entered it is so from now on."""
    switched, free = find_switched(budget, wanted)
    CalculatedKind.objects.bulk_create(
        CalculatedKind(budget=budget, budget_product_id=target.product_id, cost_kind=target.cost_kind)
        for target in free
    )
    return switched | set(free)


def find_switched(budget: Budget, wanted: Collection[Target]) -> tuple[set[Target], list[Target]]:
    """Return what is calculated by now, and what of the wanted would be too, since nothing was entered there."""
    rows = CalculatedKind.objects.filter(budget=budget).values_list("budget_product_id", "cost_kind")
    switched = {Target(product, kind) for product, kind in rows}
    lacking = [target for target in wanted if target not in switched]
    if not lacking:
        return switched, []
    lines = CostLine.objects.filter(budget=budget, budget_product__in={target.product_id for target in lacking})
    entered = {Target(*row) for row in lines.values_list("budget_product_id", "cost_kind")}
    return switched, [target for target in lacking if target not in entered]


def _make_line(budget: Budget, target: Target, figure: Figure, source: str) -> CostLine:
    """Return a new calculated line, before what is entered."""
    first = CostLine.objects.filter(budget_product=target.product_id).aggregate(first=Min("position"))["first"]
    with override("sv"):
        text = str(dict(COST_KINDS)[target.cost_kind])
    line = CostLine(
        budget=budget,
        budget_product_id=target.product_id,
        cost_kind=target.cost_kind,
        text=text,
        position=(first or 1) - 1,
        provenance=source,
        is_calculated=True,
    )
    _set_amounts(line, figure.amounts)
    return line
