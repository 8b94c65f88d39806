"""The kinds of things with a history: what they are called, what tells what they are, and who reads of them.

They are named by their models' labels, so that what lies beside this app is told of too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AMOUNTS = ("amount_1_ore", "amount_2_ore", "amount_3_ore")


@dataclass(frozen=True)
class Kind:
    """A kind of thing with a history.

    `shown` are the fields that tell what was added or deleted, `title` the one that names it where it has neither text
    nor name, `place` the one that says where it belongs, `reason` the one in which people say why. Of `inside` ones only
    the federation reads. The values of `kept` are told to nobody: what somebody took back is not to be read here.
    """

    key: str
    label: str | Promise
    of: str
    shown: tuple[str, ...] = ()
    title: str = ""
    place: str = ""
    reason: str = ""
    inside: bool = True
    kept: frozenset[str] = frozenset()

    @cached_property
    def model(self) -> type[Model]:
        """Its model."""
        found: type[Model] = apps.get_model(self.of)
        return found

    @property
    def events(self) -> QuerySet[Any]:
        """All events of its kind."""
        event = apps.get_model(f"{self.of}Event")
        found: QuerySet[Any] = event._default_manager.order_by()
        return found

    @property
    def table(self) -> str:
        """The table of its events."""
        return str(self.events.model._meta.db_table)

    def relation(self, name: str) -> str:
        """The name of the model that a field points to."""
        field = next(field for field in self.model._meta.concrete_fields if field.attname == name)
        return str(field.related_model._meta.model_name)  # type: ignore[union-attr]


# A budget and what lies under it.
LINE = Kind("line", _("cost line"), "budgets.CostLine", ("cost_kind", *AMOUNTS), reason="note", inside=False)
PRODUCT = Kind("product", _("product"), "budgets.BudgetProduct", ("category",), inside=False)
SUB_BUDGET = Kind("sub_budget", _("sub-budget"), "budgets.SubBudget", ("status",), inside=False)
BUDGET = Kind("budget", _("budget"), "budgets.Budget", ("status",), inside=False)
KEY = Kind("key", _("allocation key"), "budgets.AllocationKey", ("basis",), inside=False)
KEY_WEIGHT = Kind(
    "key_weight", _("weight in a key"), "budgets.KeyWeight", ("weight",), title="customer_id", place="key_id"
)
FIGURE = Kind("figure", _("published figure"), "budgets.PublishedFigure", ("tkr",), title="label", reason="note")
INVESTMENT = Kind(
    "investment",
    _("investment"),
    "investments.Investment",
    AMOUNTS,
    title="asset_class_id",
    reason="note",
    inside=False,
)
PLANNED_LOAN = Kind(
    "planned_loan",
    _("planned loan"),
    "investments.PlannedLoan",
    ("purpose", "year", "principal_ore"),
    reason="note",
    inside=False,
)
REPAYMENT = Kind(
    "repayment",
    _("planned repayment"),
    "investments.PlannedRepayment",
    ("year", "amount_ore"),
    place="planned_loan_id",
    inside=False,
)
EXPLANATION = Kind(
    "explanation",
    _("reason for a difference"),
    "forecasts.ReconciliationReason",
    ("table", "row", "column"),
    inside=False,
)
STEP = Kind(
    "step",
    _("step of the workflow"),
    "budgets.WorkflowStep",
    ("from_state", "to_state", "on_behalf"),
    title="action",
    reason="comment",
)
BILLING_RUN = Kind("billing_run", _("month's invoices"), "invoices.BillingRun", ("month",))
INVOICE = Kind(
    "invoice",
    _("invoice"),
    "invoices.Invoice",
    ("customer_id", "invoice_on", "due_on", "net_ore", "vat_ore"),
    title="number",
    place="billing_run_id",
)
INVOICE_LINE = Kind("invoice_line", _("invoice line"), "invoices.InvoiceLine", ("net_ore",), place="invoice_id")

# What people write to each other. What was taken back stays unread, so no text of a comment is told.
COMMENT = Kind("comment", _("comment"), "records.Comment", kept=frozenset({"text"}))
TASK = Kind("task", _("task"), "records.Task", ("to_id", "due_on"))
FILE = Kind("file", pgettext_lazy("history", "file"), "records.StoredFile", ("size",))

# Objects, plans and decisions.
OBJECT = Kind("object", _("object"), "objects.GovernanceObject", ("kind",))
PLAN = Kind(
    "plan", _("object plan"), "objects.ObjectPlan", ("from_year", "to_year", "state"), title="governance_object_id"
)
ITEM = Kind(
    "item",
    _("development item"),
    "objects.DevelopmentItem",
    ("state", "year", "effect_ore"),
    title="title",
    place="plan_id",
)
DECISION = Kind("decision", _("decision"), "objects.Decision", ("stage", "body", "meeting_on", "paragraph"))
CONDITION = Kind(
    "condition", _("condition of a decision"), "objects.DecisionCondition", ("municipality_id",), place="decision_id"
)
COUNCIL = Kind(
    "council",
    _("decision of a council"),
    "investments.CouncilDecision",
    ("decided_on", "announced_on", "legal_force_on"),
    title="municipality_id",
    place="framework_id",
)
FRAMEWORK = Kind(
    "framework", _("borrowing framework"), "investments.BorrowingFramework", ("amount_ore",), reason="note"
)

# Shared facts, and those who use the system.
ROLE = Kind(
    "role",
    _("role"),
    "objects.RoleAssignment",
    ("role", "governance_object_id", "municipality_id", "customer_id"),
    title="user_id",
)
TOKEN = Kind("token", _("API token"), "objects.ApiToken", ("scopes", "expires_on"), place="customer_id")
USER = Kind("user", _("user"), "accounts.User", ("email",))
FEDERATION = Kind("federation", _("federation"), "objects.Federation", reason="note")
CUSTOMER = Kind("customer", _("customer"), "objects.Customer", ("kind",))
MUNICIPALITY = Kind("municipality", _("municipality"), "objects.Municipality", ("member_from_on",), reason="note")
INHABITANTS = Kind(
    "inhabitants", _("inhabitants"), "objects.Inhabitants", ("counted_on", "count"), title="municipality_id"
)
LASTING_PRODUCT = Kind("lasting_product", _("product of all years"), "objects.Product", place="governance_object_id")
INDEX_RATE = Kind("index_rate", _("index"), "budgets.IndexRate", ("cost_kind", "year", "valid_from_on", "percent"))
ASSET_CLASS = Kind("asset_class", _("asset class"), "investments.AssetClass", ("useful_life_years",))
LOAN = Kind("loan", _("loan"), "investments.Loan", ("debt_on", "debt_ore"), reason="note")
INSTALMENT = Kind("instalment", _("instalment"), "investments.LoanInstalment", ("year", "amount_ore"), title="loan_id")
HOUSE_TEXT = Kind("house_text", _("text of the house"), "reports.HouseText", title="slug")
DISPOSAL = Kind("disposal", _("disposal of history"), "records.HistoryDisposal", ("count",))

# What names the budget and belongs to its story; printed figures are loaded, a thousand at a time, and would bury it.
OF_A_BUDGET = (
    LINE, PRODUCT, SUB_BUDGET, KEY, INVESTMENT, PLANNED_LOAN, REPAYMENT, EXPLANATION, STEP, BILLING_RUN
)  # fmt: skip
ALL = (
    *OF_A_BUDGET, BUDGET, KEY_WEIGHT, FIGURE, INVOICE, INVOICE_LINE, COMMENT, TASK, FILE, OBJECT, PLAN, ITEM, DECISION, CONDITION,
    COUNCIL, FRAMEWORK, ROLE, TOKEN, USER, FEDERATION, CUSTOMER, MUNICIPALITY, INHABITANTS, LASTING_PRODUCT, INDEX_RATE,
    ASSET_CLASS, LOAN, INSTALMENT, HOUSE_TEXT, DISPOSAL,
)  # fmt: skip
KINDS = {kind.key: kind for kind in ALL}
