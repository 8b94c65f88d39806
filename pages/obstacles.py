"""What stands against a step, in the reader's words, each with the way to where it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Budget
from budgets.selectors.sheets import CALCULATED_KINDS
from forecasts.selectors.obstacles import Against, Obstacle
from pages.words import say_broken_framework
from records.models import Provenance

NAMED = 5


@dataclass(frozen=True)
class Told:
    """An obstacle in a sentence, and where to look at it."""

    against: Against
    text: str
    url: str

    @property
    def is_grave(self) -> bool:
        """Whether figures or the law are against it, not only what is yet to be known."""
        return self.against not in (Against.ASSUMED, Against.UNMARKED, Against.COPIED, Against.UNKNOWN)


def tell_obstacles(obstacles: Iterable[Obstacle], budget: Budget) -> list[Told]:
    """Return what stands against a step in words, in the same order."""
    return [Told(found.against, _say(found), _place(found.against, budget)) for found in obstacles]


def _say(found: Obstacle) -> str:
    if found.against == Against.OVER_FRAMEWORK:
        return f"{say_broken_framework(found.years, found.assumed)}."
    many = max(len(found.names), found.count)
    names = ", ".join(found.names[:NAMED]) + (" …" if len(found.names) > NAMED else "")
    return _SAYINGS[found.against](many) % {"names": names, "count": many}


_SAYINGS: dict[Against, Callable[[int], str]] = {
    Against.BEHIND: lambda _many: _(
        "Changes are not summed yet, so the figures shown are not the latest. Wait a moment and reload the page."
    ),
    Against.UNAPPROVED: lambda many: ngettext(
        "%(count)s sub-budget is not approved: %(names)s.", "%(count)s sub-budgets are not approved: %(names)s.", many
    ),
    Against.NO_FRAMEWORK: lambda _many: _("No borrowing framework is in force: %(names)s."),
    Against.COUNCILS: lambda many: ngettext(
        "%(count)s council decision on the proposed framework is missing: %(names)s.",
        "%(count)s council decisions on the proposed framework are missing: %(names)s.",
        many,
    ),
    Against.DEBT_UNKNOWN: lambda _many: _("The debt can't be summed until these repayments are entered: %(names)s."),
    Against.FAULTY_PLAN: lambda many: ngettext(
        "%(count)s planned loan has repayments before it is raised or above its amount: %(names)s.",
        "%(count)s planned loans have repayments before they are raised or above their amounts: %(names)s.",
        many,
    ),
    Against.NO_PLAN: lambda many: ngettext(
        "%(count)s planned loan has no repayment plan: %(names)s.",
        "%(count)s planned loans have no repayment plan: %(names)s.",
        many,
    ),
    Against.UNKNOWN: lambda many: ngettext(
        "%(count)s amount is not yet known: %(names)s. The sums lack it.",
        "%(count)s amounts are not yet known: %(names)s. The sums lack them.",
        many,
    ),
    Against.COPIED: lambda many: ngettext(
        "%(count)s line is copied and not yet calculated.", "%(count)s lines are copied and not yet calculated.", many
    ),
    Against.NO_KEY: lambda many: ngettext(
        "%(count)s product has no allocation key with weights, so nobody pays for it: %(names)s.",
        "%(count)s products have no allocation key with weights, so nobody pays for them: %(names)s.",
        many,
    ),
    Against.ASSUMED: lambda many: ngettext("%(count)s figure is assumed.", "%(count)s figures are assumed.", many),
    Against.UNMARKED: lambda many: ngettext(
        "%(count)s of the assumed figures has no note that says what it is based on.",
        "%(count)s of the assumed figures have no note that says what they are based on.",
        many,
    ),
}


def _place(against: Against, budget: Budget) -> str:
    if against == Against.UNAPPROVED:
        return reverse("forecasts:workflow", args=[budget.slug])
    if against == Against.NO_KEY:
        return reverse("invoices:keys", args=[budget.slug])
    if against in (Against.ASSUMED, Against.UNMARKED):
        return _list_lines(budget, provenance=Provenance.ASSUMED)
    if against == Against.COPIED:
        return _list_lines(budget, provenance=Provenance.COPIED, cost_kind=sorted(CALCULATED_KINDS))
    if against == Against.BEHIND:
        return reverse("budgets:sub_budgets", args=[budget.slug])
    return reverse("forecasts:loans", args=[budget.slug])


def _list_lines(budget: Budget, **chosen: str | list[str]) -> str:
    """Return the list of lines, narrowed to those that are meant."""
    return f"{reverse('budgets:lines', args=[budget.slug])}?{urlencode(chosen, doseq=True)}"
