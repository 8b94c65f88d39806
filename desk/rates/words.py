"""The words for what stops a calculation, as far as rates can."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from budgets.models import PlanningRate


def say_problems(problems: list[dict[str, object]]) -> list[str]:
    """Return each problem of a calculation in words, once."""
    return list(dict.fromkeys(_say(problem) for problem in problems))


def _say(problem: Mapping[str, object]) -> str:
    if problem["problem"] == "rate_missing":
        kind = PlanningRate.Kind(str(problem["rate"])).label
        said = _("No rate of %(kind)s would be valid in %(month)s.")
        return said % {"kind": kind, "month": str(problem["month"])[:7]}
    return _("The posts or the pools of the budget can't be calculated as they are.")
