"""Every route of the site, with arguments that exist in the demo."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from budgets.models import BudgetProduct, CostLine, IndexRate, PlanningRate, ProductProposal
from budgets.services.products.proposals import propose_product
from forecasts.models import StressScenario
from forecasts.selectors.stress_base import load_base
from forecasts.services.scenarios import save_scenario
from investments.models import (
    AssetClass,
    BorrowingFramework,
    DeviceBatch,
    EquityFund,
    Investment,
    InvestmentItem,
    Loan,
    LoanStatement,
    LoanTerm,
    PlannedLoan,
    SupplementaryRequest,
)
from investments.services.loan_register import save_loan, save_statement
from investments.services.purchases import save_item
from investments.services.requests import save_request, submit_request
from invoices.models import Invoice
from invoices.services import run_billing
from objects.models import Contract, Decision, DevelopmentItem, Inhabitants, ObjectPlan, RoleAssignment
from objects.services.contracts import save_contract
from pricing.models import CostPool, MovedCost, Post
from pricing.services.moved import save_moved
from records.import_kinds import list_kinds
from records.models import Import
from records.services.imports.checking import check_import
from records.services.imports.saving import start_import
from tests.cast import get_budget, get_customer, get_sub_budget, get_user

BUDGET, SUB_BUDGET = "budget-2027", "socialtjanst"
# What each of the cast gets of each route when it is read and when it is sent, as "200/404"; `test_access` holds it.
ACCESS = Path(__file__).parent / "access.json"


@dataclass(frozen=True)
class Route:
    """A route's full name and an address of it."""

    name: str
    url: str


def _line() -> CostLine:
    """A line that its owner types."""
    lines = CostLine.objects.filter(budget__slug=BUDGET, budget_product__sub_budget__slug=SUB_BUDGET)
    line: CostLine = lines.filter(cost_kind="direct_cost").earliest("pk")
    return line


def _product() -> BudgetProduct:
    product: BudgetProduct = BudgetProduct.objects.filter(
        sub_budget__budget__slug=BUDGET, sub_budget__slug=SUB_BUDGET
    ).earliest("pk")
    return product


def _invoice() -> Invoice:
    """An invoice; the demo has none, so a month is invoiced first."""
    found: Invoice | None = Invoice.objects.first()
    if found is None:
        economist = get_user("ekonom")
        found = run_billing(get_budget("budget-2026"), 1, by=economist).invoices.first()
    assert found is not None
    return found


def _contract() -> Contract:
    """A contract; the demo has none, so one is entered first."""
    found: Contract | None = Contract.objects.first()
    if found is None:
        product = _product().product
        found = Contract(name="Drift", supplier="Leverantören", product=product, price_year=2027, amount_ore=1_000_00)
        found.starts_on = date(2026, 1, 1)
        save_contract(found, by=get_user("ekonom"))
    return found


def _moved() -> MovedCost:
    """A moved cost of the draft; the demo has those of its adopted budget."""
    budget = get_budget(BUDGET)
    found: MovedCost | None = MovedCost.objects.filter(budget=budget).first()
    if found is None:
        names = dict(zip(("from_product", "to_product"), BudgetProduct.objects.filter(budget=budget)[:2], strict=True))
        row = MovedCost(budget=budget, reason="Flyttad", amount_1_ore=100, **names)
        found = save_moved(row, by=get_user("ekonom"))
    return found


def _proposal() -> ProductProposal:
    """A proposal that waits for an answer; the demo has none."""
    found: ProductProposal | None = ProductProposal.objects.first()
    if found is None:
        found = propose_product(
            get_sub_budget(),
            kind=ProductProposal.Kind.ADD,
            name="Ny tjänst",
            category=_product().category,
            note="Behövs.",
            by=get_user("objektagare"),
        )
    return found


def _import() -> Import:
    """An import that is read and not saved; the demo has none."""
    found: Import | None = Import.objects.first()
    if found is None:
        economist = get_user("ekonom")
        kind = next(kind for kind in list_kinds(economist) if kind.key == "inhabitants")
        content, period = "Kommun;Invånare\nVimmerby;15500\n".encode(), kind.list_periods(economist)[0][0]
        found = start_import(content, name="a.csv", kind=kind, source="SCB", period=period, by=economist)
        check_import(found, by=economist)
    return found


def _investment() -> Investment:
    """A class of the draft's investment budget."""
    row: Investment = Investment.objects.filter(budget__slug=BUDGET).earliest("pk")
    return row


def _purchase() -> InvestmentItem:
    """A purchase of the draft; the demo has none."""
    found: InvestmentItem | None = InvestmentItem.objects.filter(budget__slug=BUDGET).first()
    if found is None:
        item = InvestmentItem(
            budget=get_budget(BUDGET), investment=_investment(), name="Skärmar", year=2027, amount_ore=100
        )
        found = save_item(item, by=get_user("ekonom"))
    return found


def _scenario() -> StressScenario:
    """A scenario of the stress test; the demo has none, so one is saved first."""
    found: StressScenario | None = StressScenario.objects.first()
    if found is None:
        budget = get_budget(BUDGET)
        row = StressScenario(budget=budget, name="Dyrare", is_on_board=True)
        inputs = {"price_change": {"computers": 0.3}}
        found = save_scenario(row, inputs=inputs, base=load_base(budget), by=get_user("ekonom"))
    return found


def _statement() -> LoanStatement:
    """What a lender says of a loan with days of its own; the demo has neither."""
    found: LoanStatement | None = LoanStatement.objects.first()
    if found is None:
        economist, raised_on = get_user("ekonom"), date(2026, 3, 16)
        loan = Loan(
            lender="Banken", number="K-2026", raised_on=raised_on, matures_on=date(2029, 3, 16), principal_ore=100
        )
        save_loan(loan, [LoanTerm(from_on=raised_on, rate_percent=Decimal(3))], [], by=economist)
        found = save_statement(LoanStatement(loan=loan, stated_on=raised_on, debt_ore=100), by=economist)
    return found


def _event() -> int:
    """The newest change of the line."""
    events = apps.get_model("budgets", "CostLineEvent")._default_manager.filter(pgh_obj=_line().pk)
    return int(events.latest("pgh_id").pgh_id)


def _request() -> SupplementaryRequest:
    """A supplementary request beside the budget in force; the demo has none."""
    found: SupplementaryRequest | None = SupplementaryRequest.objects.first()
    if found is None:
        row = SupplementaryRequest(budget=get_budget("budget-2026"), name="Fler telefoner", reason="Behövs.")
        row.asset_class, row.financing, row.amount_1_ore = AssetClass.objects.earliest("pk"), "loan", 100_000_00
        found = save_request(row, by=get_user("ekonom"))
        submit_request(found, by=get_user("ekonom"))
    return found


# Of what the demo has none: jobs, files, API tokens, comments, tasks and conditions of decisions are not found.
# What is cheap to make is made, so that its pages are walked.
NONE = UUID(int=0)
ARGUMENTS: dict[str, Callable[[], Any]] = {
    "budget": lambda: BUDGET,
    "sub_budget": lambda: SUB_BUDGET,
    "line": lambda: _line().lineage,
    "lineage": lambda: _line().lineage,
    "product": lambda: _product().lineage,
    "investment": lambda: _investment().lineage,
    "purchase": lambda: _purchase().lineage,
    "object_id": lambda: 1,
    "content_type_id": lambda: 1,
    "uidb36": lambda: "1",
    "key": lambda: "set-password",
    "pk": lambda: 1,
    "invoice": lambda: _invoice().uuid,
    "month": lambda: 1,
    "action": lambda: "submit",
    "job": lambda: NONE,
    "file": lambda: NONE,
    "token": lambda: NONE,
    "decision": lambda: Decision.objects.get(kind=Decision.Kind.PROPOSE_FRAMEWORK).uuid,
    "condition": lambda: NONE,
    "council": lambda: "0884",
    "framework": lambda: BorrowingFramework.objects.get(decided_by__kind="propose_framework").uuid,
    "paper": lambda: "agreement",
    "governance_object": lambda: SUB_BUDGET,
    "plan": lambda: ObjectPlan.objects.get(governance_object__slug=SUB_BUDGET).uuid,
    "item": lambda: DevelopmentItem.objects.filter(plan__governance_object__slug=SUB_BUDGET)[0].uuid,
    "event": _event,
    "person": lambda: get_user("ekonom").uuid,
    "comment": lambda: NONE,
    "task": lambda: NONE,
    "mention": lambda: NONE,
    "rate": lambda: PlanningRate.objects.earliest("pk").uuid,
    "contract": lambda: _contract().uuid,
    "pool": lambda: CostPool.objects.filter(budget__slug=BUDGET).earliest("pk").lineage,
    "post": lambda: Post.objects.filter(budget__slug=BUDGET).earliest("pk").lineage,
    "calculated_kind": lambda: "staff_time",
    "strategy": lambda: NONE,
    "device": lambda: DeviceBatch.objects.earliest("pk").uuid,
    "asset_class": lambda: AssetClass.objects.earliest("pk").slug,
    "equity_part": lambda: "fund",
    "equity_row": lambda: EquityFund.objects.earliest("pk").uuid,
    "customer": lambda: get_customer().uuid,
    "counted_on": lambda: Inhabitants.objects.filter(municipality__customer=get_customer())[0].counted_on.isoformat(),
    "cost_kind": lambda: "direct_cost",
    "year": lambda: 2029,
    "day": lambda: IndexRate.objects.filter(cost_kind="direct_cost", year=2029)[0].valid_from_on.isoformat(),
    "act": lambda: NONE,
    "proposal": lambda: _proposal().uuid,
    "role": lambda: RoleAssignment.objects.filter(user=get_user("ekonom")).earliest("pk").uuid,
    "scenario": lambda: _scenario().uuid,
    "moved": lambda: _moved().lineage,
    "allocation_key": lambda: "invanare",
    "import_": lambda: _import().uuid,
    "loan": lambda: _statement().loan.uuid,
    "statement": lambda: _statement().uuid,
    "planned": lambda: PlannedLoan.objects.filter(budget__slug=BUDGET).earliest("pk").lineage,
    "asked": lambda: _request().uuid,
    "kind": lambda: "inhabitants",
}
# Static files of the admin's own and addresses that only redirect by a pattern without a name.
LEFT_OUT = re.compile(r"^(admin:(view_on_site|password_change.*|jsi18n|autocomplete|app_list)|None)$")


def list_routes() -> list[Route]:
    """All named routes; an argument nobody has told of is an error, so that no route is forgotten."""
    # Before the addresses are made, so that the admin's pages of them are about one that is there.
    for make in (_invoice, _contract, _proposal, _import, _statement, _request):
        make()
    found = sorted(set(_walk(get_resolver(), "")))
    return [Route(name, _url(name, arguments)) for name, arguments in found if not LEFT_OUT.match(name)]


def list_pages() -> list[Route]:
    """Those of the site's own pages: without the administration, and without what the sign-in library draws."""
    left_out = ("admin:", "account_", "mfa_", "socialaccount")
    return [route for route in list_routes() if not route.name.startswith(left_out)]


def _walk(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", tuple(_arguments(f"{namespace}{pattern.name}"))


def _arguments(name: str) -> list[str]:
    *spaces, last = name.split(":")
    resolver: Any = get_resolver()
    for space in spaces:
        resolver = resolver.namespace_dict[space][1]
    return list(resolver.reverse_dict.getlist(last)[0][0][0][1])


def _url(name: str, arguments: tuple[str, ...]) -> str:
    unknown = [argument for argument in arguments if argument not in ARGUMENTS and not name.startswith("admin:")]
    if unknown:
        raise KeyError(f"tests.routes.ARGUMENTS lacks {unknown} of the route {name}")
    return reverse(name, args=[_value(name, argument) for argument in arguments])


def _value(name: str, argument: str) -> Any:
    """The admin's pages are about the first row of their model."""
    if not name.startswith("admin:"):
        return ARGUMENTS[argument]()
    for model in apps.get_models():
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            row = model._default_manager.order_by("pk").first()
            return 1 if row is None else row.pk
    return ARGUMENTS.get(argument, lambda: 1)()
