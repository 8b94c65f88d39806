"""The words for effects of a request, and the mark of each of its states."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from forecasts.services.requests import Effect, Effects
from investments.models import SupplementaryRequest

State = SupplementaryRequest.State
MARKS: Final[dict[str, str]] = {
    State.DRAFT: "draft",
    State.SUBMITTED: "submitted",
    State.GRANTED: "approved",
    State.PARTLY: "approved",
    State.REFUSED: "returned",
}
ROWS: Final[dict[str, Promise]] = {
    "operating_revenue": gettext_lazy("Revenue"),
    "operating_costs": gettext_lazy("Operating costs"),
    "depreciation": gettext_lazy("Depreciation"),
    "financial_costs": gettext_lazy("Financial costs"),
    "net_result": gettext_lazy("Net result"),
    "closing_debt": gettext_lazy("Loan debt 31 December"),
    "headroom": gettext_lazy("Headroom"),
}


def tell_effects(effects: Effects) -> list[tuple[str | Promise, Effect]]:
    """Return the rows of the forecasts in words."""
    return [(ROWS[effect.row], effect) for effect in effects.rows]
