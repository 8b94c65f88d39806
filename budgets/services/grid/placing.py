"""What copying or moving one line comes to as an edit of the grid, for the page that works without its script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from budgets.models import CostLine, EditStep
from budgets.services.grid.edits import GridEdit, Move, NewLine


def place_line(
    line: CostLine, places: Mapping[UUID, Sequence[UUID]], *, act: str, to: str = "", new: UUID | None = None
) -> GridEdit:
    """Return an edit that copies the line below itself as `new`, moves it `up` or `down`, or last in the product `to`.

    `places` are the lines of every product in their order. The first line moved up stays where it is, as the last moved down.
    """
    own, product = line.lineage, line.budget_product.lineage
    if act == "copy":
        copy = NewLine(new or uuid4(), product, after=own, copy_of=own)
        return GridEdit(added=(copy,), action=EditStep.Action.COPY)
    if act == "to":
        others = places.get(UUID(to), ())
        move = Move(own, UUID(to), others[-1] if others else None)
    else:
        order = [other for other in places[product] if other != own]
        at = places[product].index(own) + (-1 if act == "up" else 1)
        move = Move(own, product, order[min(at, len(order)) - 1] if at > 0 and order else None)
    return GridEdit(moved=(move,), action=EditStep.Action.MOVE)
