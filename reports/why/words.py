"""What the causes of a change are called, what is told of them, and where each leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import COST_KINDS, Budget
from engine.bill import Cause
from engine.money import round_to_tkr
from engine.provenance import weakest
from objects.models import Contract
from objects.models.roles import FEDERATION_ROLES, roles_of
from objects.selectors.contracts import can_read_contracts
from pages.addresses import lines_url
from pricing.models import MovedCost
from pricing.selectors.reasons import LineReason
from pricing.selectors.why import ProductWhy, Told, Why
from web.numbers import format_change, format_percent

if TYPE_CHECKING:
    from accounts.models import User

LABELS: dict[Cause, Promise] = {
    Cause.ENDED: gettext_lazy("Ended products"),
    Cause.MOVED: gettext_lazy("Moved cost"),
    Cause.EQUITY: gettext_lazy("Use of equity"),
    Cause.WAGES: gettext_lazy("Wage revision"),
    Cause.INDEX: gettext_lazy("Index"),
    Cause.CONTRACT: gettext_lazy("Prices of contracts"),
    Cause.KEY: gettext_lazy("Allocation keys"),
    Cause.NEW: gettext_lazy("New products"),
}
KINDS = dict(COST_KINDS)
# Of a kind of line the rest, when what has a cause of its own is told.
RESTS: dict[str, Promise] = {
    "personnel": gettext_lazy("posts, beside the wage revision"),
    "staff_time": gettext_lazy("posts, pools and hours, beside the wage revision"),
    "server_operation": gettext_lazy("the pools of central IT"),
    "depreciation": gettext_lazy("what is bought, and its useful life"),
    "interest": gettext_lazy("loans and their rates"),
}
MOST_NAMED = 2


@dataclass(frozen=True)
class Reason:
    """Words that a person gave, what they are about, and where they stand."""

    words: str
    about: str = ""
    url: str = ""


@dataclass(frozen=True)
class ShownCause:
    """A cause in words, with the address of what tells it, if the reader may open it."""

    told: Told
    label: str
    note: str = ""
    url: str = ""
    reasons: list[Reason] = field(default_factory=list)


@dataclass(frozen=True)
class ShownProduct:
    """A product with its causes and what people wrote about it; addresses are of what its figures are made of."""

    row: ProductWhy
    causes: list[ShownCause]
    reasons: list[Reason]
    url: str = ""
    earlier_url: str = ""

    @property
    def source(self) -> str:
        """The weakest of what its causes are made of."""
        return weakest(told.source for told in self.row.causes)


@dataclass(frozen=True)
class Speaker:
    """Says what causes are, of two budgets, to one reader."""

    budget: Budget
    earlier: Budget
    reader: User

    def say_causes(self, why: Why) -> list[ShownCause]:
        """Return the causes of all products together, the largest first."""
        told = why.sum_causes()
        large = [cause for cause in told if round_to_tkr(cause.ore)]
        shown = [
            ShownCause(cause, _label(cause), self._note(cause, why), reasons=self._reason_of(cause, why))
            for cause in large
        ]
        return [*sorted(shown, key=lambda cause: -abs(cause.told.ore)), *_join_small(told)]

    def say_product(self, row: ProductWhy, reasons: Iterable[LineReason]) -> ShownProduct:
        """Return a product's causes in their order, and why in the words of people."""
        large = [told for told in row.causes if round_to_tkr(told.ore)] or row.causes
        causes = [ShownCause(told, _label(told), url=self._url(told, row)) for told in large]
        written = [self._reason(told) for told in row.causes]
        given = [Reason(reason.words, reason.line) for reason in reasons]
        return ShownProduct(row, causes, [*(reason for reason in written if reason), *given])

    def _reason(self, told: Told) -> Reason | None:
        """Return what a record says of a cause, to who may read the record."""
        if isinstance(told.about, MovedCost):
            return Reason(
                told.about.reason, url=reverse("budgets:moved_cost", args=[self.budget.slug, told.about.lineage])
            )
        if isinstance(told.about, Contract) and can_read_contracts(self.reader):
            return Reason(str(told.about), url=reverse("objects:contract", args=[told.about.uuid]))
        if told.cause == Cause.EQUITY:
            return next(
                (Reason(words) for words in (self.budget.result_reason, self.earlier.result_reason) if words), None
            )
        return None

    def _reason_of(self, told: Told, why: Why) -> list[Reason]:
        if told.cause not in (Cause.MOVED, Cause.CONTRACT, Cause.EQUITY):
            return []
        own = (self._reason(cause) for row in why.products for cause in row.causes if cause.cause == told.cause)
        return list(dict.fromkeys(reason for reason in own if reason))

    def _note(self, told: Told, why: Why) -> str:
        """Return what the figure is of, and the products that have most of it."""
        rest: str | Promise | None = RESTS.get(told.kind) if told.cause == Cause.KIND else None
        if told.cause == Cause.WAGES:
            rest = _("%(percent)s per cent on what the posts cost") % {"percent": format_percent(why.wage_percent)}
        if told.cause == Cause.EQUITY:
            rest = _("less equity than before lowers the cost") if told.ore > 0 else _("more equity lowers the cost")
        most = "" if told.cause == Cause.EQUITY else _name_most(told, why.products)
        return ". ".join(_capitalise(str(words)) for words in (rest, most) if words)

    def _url(self, told: Told, row: ProductWhy) -> str:
        """Return the page of what a product's cause is made of."""
        if told.cause == Cause.KEY:
            return reverse("invoices:keys", args=[self.budget.slug]) if roles_of(self.reader) & FEDERATION_ROLES else ""
        if told.cause == Cause.MOVED and isinstance(told.about, MovedCost):
            return reverse("budgets:moved_cost", args=[self.budget.slug, told.about.lineage])
        budget = self.earlier if row.is_gone else self.budget
        of = {"sub_budget": row.product.sub_budget.slug, "product": str(row.product.lineage)}
        return lines_url(budget, **of, **({"cost_kind": told.kind} if told.kind else {}))


def _join_small(told: Iterable[Told]) -> list[ShownCause]:
    """Return what shows as nothing in tkr as one row, so that the rows still add up."""
    small = [cause for cause in told if not round_to_tkr(cause.ore)]
    if not small:
        return []
    whole = Told(Cause.KIND, "", sum(cause.ore for cause in small), weakest(cause.source for cause in small))
    return [ShownCause(whole, _("Other causes"), ", ".join(_label(cause) for cause in small))]


def _label(told: Told) -> str:
    return str(KINDS[told.kind] if told.cause == Cause.KIND else LABELS[told.cause])


def _name_most(told: Told, products: Sequence[ProductWhy]) -> str:
    """Return the products with the largest parts of a cause, of several."""
    parts = [
        (row.product.name, sum(c.ore for c in row.causes if c.cause == told.cause and told.kind in ("", c.kind)))
        for row in products
    ]
    largest = sorted((part for part in parts if part[1]), key=lambda part: -abs(part[1]))
    named = ", ".join(f"{name} {format_change(ore)}" for name, ore in largest[:MOST_NAMED])
    return _("most: %(products)s") % {"products": named} if len(largest) > 1 else named


def _capitalise(words: str) -> str:
    return words[:1].upper() + words[1:]
