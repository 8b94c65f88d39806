"""Rule 7, why a bill changed: a product's way from one budget to the next, cause by cause, for each customer.

The trick: a cause is the difference of two states, and every state splits all that the product's customers pay anew, so a
product's causes add up to its change, to the öre, for every customer and for all of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from engine.money import split_by_shares, to_whole_shares
from engine.result import MEANINGS, CostKind, is_income


class Cause(StrEnum):
    """Why a bill changes, in the order that makes the parts unique."""

    ENDED = "ended"
    MOVED = "moved"
    EQUITY = "equity"
    WAGES = "wages"
    INDEX = "index"
    CONTRACT = "contract"
    KIND = "kind"
    KEY = "key"
    NEW = "new"


CAUSES = tuple(Cause)


class Side(NamedTuple):
    """A product in a budget: its amounts by kind of line, öre, and the customers' weights, whole numbers.

    The weights stand in the order that decides who gets the öre that is over. Without weights nobody pays.
    """

    kinds: Mapping[str, int]
    weights: Mapping[int, int]


class Known(NamedTuple):
    """A part of what a product's customers pay more, öre, of which the cause is known; `about` says which record tells it.

    `kind` is empty where it is not recorded: it is the kind that changed the most the same way, and direct cost where none did.
    """

    cause: Cause
    ore: int
    kind: str = ""
    about: str = ""


class Effect(NamedTuple):
    """What a cause makes each customer pay more, öre; `kind` is the kind of line that it lies in, where that is known."""

    cause: Cause
    kind: str
    about: str
    parts: Mapping[int, int]

    @property
    def whole(self) -> int:
        """What it comes to for all customers."""
        return sum(self.parts.values())


class State(NamedTuple):
    """What a product's customers pay together, öre, and their weights, after a cause has had its effect."""

    cause: Known
    charge: int
    weights: Mapping[int, int]


def explain_change(before: Side | None, after: Side | None, known: Iterable[Known] = ()) -> list[Effect]:
    """Return why a product's bill changed, cause by cause in their order; None is a budget without the product.

    `known` are the parts that are told by a record. The rest is told by its kind of line. What changes nothing for
    anybody is left out.
    """
    if before is None or after is None:
        side, cause = (before, Cause.ENDED) if before else (after, Cause.NEW)
        if side is None:
            return []
        gone = State(Known(cause, 0), 0, side.weights)
        there = State(Known(cause, 0), _charge(side.kinds), side.weights)
        return walk_bill(*((there, [gone]) if before else (gone, [there])))
    charge = _charge(before.kinds)
    first = State(Known(Cause.KEY, 0), charge, before.weights)
    states = []
    for step in _list_steps(_compare_kinds(before.kinds, after.kinds), known):
        charge += step.ore
        states.append(State(step, charge, before.weights))
    return walk_bill(first, [*states, State(Known(Cause.KEY, 0), charge, after.weights)])


def walk_bill(first: State, states: Iterable[State]) -> list[Effect]:
    """Return what each state after the first makes every customer pay more than the one before; none that is nothing."""
    effects, was = [], _split(first)
    for state in states:
        now = _split(state)
        parts = {who: now.get(who, 0) - was.get(who, 0) for who in {**was, **now}}
        told = {who: ore for who, ore in parts.items() if ore}
        if told:
            effects.append(Effect(state.cause.cause, state.cause.kind, state.cause.about, told))
        was = now
    return effects


def _list_steps(changed: dict[str, int], known: Iterable[Known]) -> Iterator[Known]:
    """Yield what is known in the order of causes, and then the rest of each kind, which `changed` is left with."""
    equity = CostKind.USE_OF_EQUITY.value
    told = [*known, Known(Cause.EQUITY, changed.get(equity, 0), equity)]
    for step in sorted((step for step in told if step.ore), key=lambda step: CAUSES.index(step.cause)):
        kind = step.kind or _find_kind(changed, step.ore)
        changed[kind] = changed.get(kind, 0) - step.ore
        yield step
    yield from (Known(Cause.KIND, ore, kind) for kind, ore in changed.items() if ore)


def _find_kind(changed: Mapping[str, int], ore: int) -> str:
    """Return the kind of line that changed the most the same way as `ore`, the first of equal ones; else direct cost."""
    sign = 1 if ore > 0 else -1
    same = {kind: sign * change for kind, change in changed.items() if sign * change > 0}
    same.pop(CostKind.USE_OF_EQUITY.value, None)
    return max(same, key=same.__getitem__, default=CostKind.DIRECT_COST.value)


def _compare_kinds(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return by how much each kind changes what customers pay, öre, in the order of kinds."""
    kinds = [kind.value for kind in MEANINGS if kind.value in before or kind.value in after]
    return {kind: _sign(kind) * (after.get(kind, 0) - before.get(kind, 0)) for kind in kinds}


def _charge(kinds: Mapping[str, int]) -> int:
    return sum(_sign(kind) * ore for kind, ore in kinds.items())


def _sign(kind: str) -> int:
    return -1 if is_income(kind) else 1


def _split(state: State) -> dict[int, int]:
    if not any(state.weights.values()):
        return {}
    if len(state.weights) == 1:
        return dict.fromkeys(state.weights, state.charge)
    return dict(
        zip(state.weights, split_by_shares(state.charge, to_whole_shares([*state.weights.values()])), strict=True)
    )
